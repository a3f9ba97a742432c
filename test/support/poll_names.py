"""Reads a destination again and again, until SIGTERM: poll_names.py SOURCE DESTINATION. Counts looks and half files."""
import json
import os
import signal
import sys

source, destination = map(os.fsencode, sys.argv[1:])
counts = {"looks": 0, "files": 0, "half": 0}
stopped = False


def stop(*_):
    global stopped
    stopped = True


def content(path):
    with open(path, "rb") as file:
        return file.read()


def visible():
    for directory, directories, files in os.walk(destination):
        directories[:] = [name for name in directories if not name.startswith(b".efs-sync-")]
        yield from (os.path.join(directory, name) for name in files if not name.startswith(b".efs-sync-"))


signal.signal(signal.SIGTERM, stop)
originals = {}
for directory, _, files in os.walk(source):
    for name in files:
        path = os.path.join(directory, name)
        originals[os.path.relpath(path, source)] = content(path)
print("ready", flush=True)
last = False
while not last:
    last = stopped
    counts["looks"] += 1
    for path in visible():
        counts["files"] += 1
        if content(path) != originals[os.path.relpath(path, destination)]:
            counts["half"] += 1
            print("half:", path, file=sys.stderr)
print(json.dumps(counts))
