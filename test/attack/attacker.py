"""Someone who may write in a tree, and swaps what is in it while another works there.

    attacker.py ROOT OUTSIDE SEED NUMBER all|temporaries

Prints "ready", attacks until SIGTERM, then prints how often it did what, as JSON. Each attack leads, or is
to lead, from ROOT to OUTSIDE, where whoever runs this has no rights. Those of one seed work together: for
some seconds at a time all of them turn to the same path.
"""
import collections
import ctypes
import json
import os
import random
import shutil
import signal
import stat
import sys
import time

AT_FDCWD = -100
RENAME_EXCHANGE = 2
RENAMEAT2 = 276 if os.uname().machine == 'aarch64' else 316
OWN_PREFIX = '.efs-sync-'
LONGEST_PAUSE_S = 0.002
STINT_S = 4
FOCI = ('a/f0', 'a/f1', 's/large', 'a/d0', 'a/d0/d1', 'a/d1/f2', 'b/f3', 's/link')

libc = ctypes.CDLL(None, use_errno=True)


def exchange(first, second):
    """Of two names, at once: no moment is without either."""
    result = libc.syscall(RENAMEAT2, AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
    if result != 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno), first)


def directories(root):
    found = [root]
    for directory in found:
        try:
            with os.scandir(directory) as entries:
                found.extend(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError:
            pass
    return found


class Attacker:
    def __init__(self, root, outside, seed, number):
        self.root = root
        self.outside = outside
        self.seed = seed
        self.random = random.Random(f'{seed} {number}')
        self.counts = collections.Counter()
        self.known = [root]
        self.lure = 0
        self.is_stopped = []
        self.longest_pause_s = LONGEST_PAUSE_S

    def pause(self):
        time.sleep(self.random.random() * self.longest_pause_s)

    def choose(self, wanted):
        """An entry of a directory somewhere in the tree."""
        if self.random.random() < 0.01 or not self.known:
            self.known = directories(self.root)
        directory = self.random.choice(self.known)
        try:
            with os.scandir(directory) as entries:
                found = [entry for entry in entries if wanted(entry)]
        except OSError:
            self.known = directories(self.root)
            raise
        return self.random.choice(found).path

    def target(self, path):
        """What lies outside under the same path, by one of the ways that lead there."""
        beyond = os.path.join(self.outside, os.path.relpath(path, self.root))
        up = '../' * 12 + beyond.lstrip('/')
        return self.random.choice((beyond, beyond, up, '/proc/self/root' + beyond))

    def make_lure(self, path, kind):
        self.lure += 1
        lure = f'{os.path.dirname(path)}/lure{os.getpid()}-{self.lure}'
        if kind == 'link':
            os.symlink(self.target(path), lure)
        elif kind == 'fifo':
            os.mkfifo(lure)
        elif kind == 'directory':
            os.mkdir(lure)
        else:
            with open(lure, 'wb') as file:
                file.write(b'evil')
            os.chmod(lure, 0o777)
        return lure

    def swap(self, path, kind, back):
        lure = self.make_lure(path, kind)
        try:
            exchange(path, lure)
            self.pause()
            if back:
                exchange(path, lure)
        finally:
            remove(lure)

    def flip_directory(self):
        self.swap(self.choose(is_directory), 'link', back=True)

    def hold_directory(self):
        """For as long as several steps of a run take."""
        self.longest_pause_s = 0.2
        try:
            self.flip_directory()
        finally:
            self.longest_pause_s = LONGEST_PAUSE_S

    def stint(self):
        """What is looked at as one thing is used as another: about as long the one as the other."""
        window = int(time.time() / STINT_S)
        path = os.path.join(self.root, random.Random(f'{self.seed} {window}').choice(FOCI))
        self.change(path)
        lure = self.make_lure(path, 'link')
        try:
            while int(time.time() / STINT_S) == window and not self.is_stopped:
                exchange(path, lure)
                self.counts['flips in a stint'] += 1
                self.pause()
        finally:
            if os.path.islink(path):
                exchange(path, lure)
            remove(lure)

    def change(self, path):
        """So that a sync has something to do with it: its content, or its mode alone."""
        if not os.path.isfile(path):
            return
        if self.random.random() < 0.7:
            put(path, os.O_APPEND, b'more')
        else:
            os.chmod(path, self.random.choice((0o600, 0o640, 0o644, 0o755)))

    def flip_file(self):
        self.swap(self.choose(is_file), 'link', back=True)

    def replace_file(self):
        kind = self.random.choice(('link', 'fifo', 'directory', 'file'))
        self.swap(self.choose(is_file), kind, back=self.random.random() < 0.7)

    def hit_temporary(self):
        path = self.choose(is_temporary)
        kind = self.random.choice(('link', 'link', 'file', 'fifo', 'directory'))
        self.swap(path, kind, back=self.random.random() < 0.5)

    def forge(self):
        """A file that passes for another by its size and times, but is one's own."""
        path = self.random.choice((self.choose(is_file), f'{self.root}/s/suid', f'{self.root}/s/f0'))
        found = os.lstat(path)
        lure = self.make_lure(path, 'file')
        try:
            os.truncate(lure, found.st_size)
            os.utime(lure, ns=(found.st_mtime_ns, found.st_mtime_ns))
            exchange(path, lure)
        finally:
            remove(lure)

    def link_names(self):
        first, second = self.choose(is_file), self.choose(is_file)
        lure = f'{os.path.dirname(second)}/lure{os.getpid()}'
        os.link(first, lure, follow_symlinks=False)
        try:
            exchange(second, lure)
        finally:
            remove(lure)

    def move_directory(self):
        path = self.choose(is_directory)
        away = f'{self.root}/moved{os.getpid()}'
        os.rename(path, away)
        self.pause()
        os.rename(away, path)

    def write(self):
        put(self.choose(is_file), os.O_APPEND, b'more')

    def restore(self):
        """There must be something to attack, whatever was deleted."""
        names = [self.random.choice('ab')] + self.random.choices(('d0', 'd1'), k=self.random.randrange(3))
        for depth in range(1, len(names) + 1):
            path = os.path.join(self.root, *names[:depth])
            if os.path.islink(path):
                os.unlink(path)
            if not os.path.isdir(path):
                os.mkdir(path)
                self.known.append(path)

    def make(self):
        directory = self.random.choice(self.known)
        put(f'{directory}/f{self.random.randrange(8)}', os.O_CREAT | os.O_TRUNC, b'made' * self.random.randrange(40))


def put(path, flags, data):
    """Never waits for who may read from what has become a FIFO."""
    fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | flags, 0o644)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)


def is_directory(entry):
    return entry.is_dir(follow_symlinks=False)


def is_file(entry):
    return entry.is_file(follow_symlinks=False)


def is_temporary(entry):
    return entry.name.startswith(OWN_PREFIX)


def remove(path):
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    except OSError:
        pass


#: The relative frequency of each attack.
ATTACKS = (
    [Attacker.flip_directory] * 6 + [Attacker.flip_file] * 6
    + [Attacker.replace_file, Attacker.hold_directory, Attacker.forge, Attacker.link_names]
    + [Attacker.move_directory, Attacker.write] + [Attacker.make] * 4 + [Attacker.restore] * 2
    + [Attacker.stint]
)


def main(*args):
    *place, aim = args
    attacker = Attacker(*place)
    attacks = ATTACKS if aim == 'all' else [Attacker.hit_temporary]
    signal.signal(signal.SIGTERM, lambda *_: attacker.is_stopped.append(True))
    print('ready', flush=True)
    while not attacker.is_stopped:
        attack = attacker.random.choice(attacks)
        try:
            attack(attacker)
            attacker.counts[attack.__name__] += 1
        except (OSError, IndexError):
            attacker.counts['in vain'] += 1
            # Temporaries disappear faster than a pause would take.
            aim == 'all' and attacker.pause()
    print(json.dumps(attacker.counts), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
