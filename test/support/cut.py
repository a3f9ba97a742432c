"""Reads what logdisk has recorded: `list LOG` tells of each record, `build LOG BASE IMAGE COUNT [SEED]` makes the
disk as it was after so many of them, with each write since the last flush lost by chance where a seed is given."""

import json
import random
import struct
import subprocess
import sys

HEADER = struct.Struct("<IIQQQ")
MAGIC, WRITE = 0x4C4F4744, 1


def records(path):
    with open(path, "rb") as log:
        while len(header := log.read(HEADER.size)) == HEADER.size:
            magic, kind, offset, length, at_ns = HEADER.unpack(header)
            assert magic == MAGIC
            content = log.read(length) if kind == WRITE else b""
            if kind == WRITE and len(content) < length:
                return
            yield kind, offset, content, at_ns, log.tell()


def build(log, base, image, count, seed):
    subprocess.run(["cp", "--sparse=always", base, image], check=True)
    kept = []
    for kind, offset, content, _, _ in (found for found, _ in zip(records(log), range(count))):
        kept.append((kind, offset, content))
    flushed = max((index for index, (kind, _, _) in enumerate(kept) if kind != WRITE), default=-1)
    chance = random.Random(seed)
    with open(image, "r+b") as disk:
        for index, (kind, offset, content) in enumerate(kept):
            if kind != WRITE or (seed is not None and index > flushed and chance.random() < 0.5):
                continue
            disk.seek(offset)
            disk.write(content)


if sys.argv[1] == "list":
    print(json.dumps([{"endBytes": end, "atNs": at_ns} for *_, at_ns, end in records(sys.argv[2])]))
else:
    build(*sys.argv[2:5], int(sys.argv[5]), int(sys.argv[6]) if len(sys.argv) > 6 else None)
