"""What lies outside of both roots, and whether it was touched, read, or let in.

    canaries.py record OUTSIDE            everything there is to know of it, as JSON: times of reading, too
    canaries.py find ROOT                 paths below ROOT that hold what only OUTSIDE holds
    canaries.py watch ROOT                until SIGTERM: files that got set-id bits they are not due
"""
import hashlib
import json
import os
import signal
import stat
import sys
import time

CANARY = b'canary'
PAUSE_S = 0.005
#: The content of the source's root-owned set-id file. Only root can have written it with root as the owner.
GENUINE = b'genuine'


def entries(root):
    for directory, directories, names in os.walk(os.fsencode(root)):
        yield directory
        for name in directories + names:
            yield os.path.join(directory, name)


def content_of(path, found):
    if not stat.S_ISREG(found.st_mode):
        return os.fsdecode(os.readlink(path)) if stat.S_ISLNK(found.st_mode) else None
    with open(os.open(path, os.O_RDONLY | os.O_NOATIME), 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def record(outside):
    def state(path):
        found = os.lstat(path)
        times = [found.st_mtime_ns, found.st_ctime_ns] + ([found.st_atime_ns] if stat.S_ISREG(found.st_mode) else [])
        numbers = [found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_nlink, found.st_ino]
        attributes = {name: os.getxattr(path, name, follow_symlinks=False).hex()
                      for name in os.listxattr(path, follow_symlinks=False)}
        return [os.fsdecode(path), numbers, times, attributes, content_of(path, found)]
    return sorted(state(path) for path in set(entries(outside)))


def open_in(directory, name):
    """Never through a link: whoever attacks may lead this astray, too. None where it has gone."""
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
    except OSError:
        return None


def all_held(root, fd=None):
    """Path, state and content of each regular file below."""
    directory = os.open(root, os.O_RDONLY) if fd is None else fd
    for name in os.listdir(directory):
        path, file = os.path.join(root, name), open_in(directory, name)
        if file is None:
            continue
        found = os.fstat(file)
        if stat.S_ISDIR(found.st_mode):
            yield from all_held(path, file)
            continue
        content = b''
        while stat.S_ISREG(found.st_mode) and (block := os.read(file, 2 ** 24)):
            content += block
        os.close(file)
        yield path, found, content
    os.close(directory)


def find(root):
    return [path for path, _, content in all_held(root) if CANARY in os.fsencode(path) or CANARY in content]


def is_undue(found, content):
    if not stat.S_ISREG(found.st_mode):
        return False
    is_given = found.st_mode & (stat.S_ISUID | stat.S_ISGID) and found.st_uid == 0
    return bool(is_given) and not content.startswith(GENUINE)


def watch(root):
    is_stopped = []
    signal.signal(signal.SIGTERM, lambda *_: is_stopped.append(True))
    print('ready', flush=True)
    looks = undue = 0
    while not is_stopped:
        time.sleep(PAUSE_S)
        for path, found, content in all_held(root):
            looks += 1
            if is_undue(found, content):
                print(f'undue set-id bits: {path}', file=sys.stderr, flush=True)
                undue += 1
    print(json.dumps({'looks': looks, 'undue': undue}), flush=True)


if __name__ == '__main__':
    command, place = sys.argv[1:]
    if command == 'watch':
        watch(place)
    else:
        print(json.dumps({'record': record, 'find': find}[command](place)))
