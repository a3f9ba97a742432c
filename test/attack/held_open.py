"""Keeps files of a directory open and, where it may, mapped; in the end reads and writes what it still holds."""
import json
import mmap
import os
import signal
import sys

directory, size = sys.argv[1], int(sys.argv[2])
held = {}
for name in sorted(os.listdir(directory)):
    path = os.path.join(directory, name)
    try:
        fd = os.open(path, os.O_RDWR)
        held[name] = fd, mmap.mmap(fd, size, mmap.MAP_SHARED)
    except PermissionError:
        held[name] = os.open(path, os.O_RDONLY), None


def tell(*_):
    leaks = 0
    for name, (fd, mapping) in held.items():
        if b'genuine' in os.pread(fd, size, 0):
            print('leaked:', name, file=sys.stderr)
            leaks += 1
        if mapping is not None:
            mapping[0:4] = b'EVIL'
    print(json.dumps({'held': len(held), 'leaks': leaks}), flush=True)
    os._exit(0)


signal.signal(signal.SIGTERM, tell)
print('ready', flush=True)
while True:
    signal.pause()
