"""Prints each regular file of a destination that has another content than the source's: half_files.py SOURCE DESTINATION."""
import filecmp
import os
import sys

source, destination = map(os.fsencode, sys.argv[1:])
for directory, directories, files in os.walk(destination):
    directories[:] = [name for name in directories if not name.startswith(b".efs-sync-")]
    for name in files:
        path = os.path.join(directory, name)
        if name.startswith(b".efs-sync-") or os.path.islink(path):
            continue
        original = os.path.join(source, os.path.relpath(path, destination))
        if not os.path.exists(original) or not filecmp.cmp(path, original, shallow=False):
            print(os.fsdecode(os.path.relpath(path, destination)))
