"""Commits the journal of a file system every few milliseconds, as its other users do by fsync: commits.py FILE."""

import json
import os
import signal
import sys
import time

ended = False


def end(*_):
    global ended
    ended = True


signal.signal(signal.SIGTERM, end)
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
print("ready", flush=True)
count = 0
while not ended:
    os.pwrite(fd, b"x" * (count % 4096 + 1), 0)
    os.fsync(fd)
    count += 1
    time.sleep(0.05)
print(json.dumps({"commits": count}))
