"""Writers that never rest: they grow, shrink, rewrite, replace, rename and remove what is in a tree.

    writers.py TREE STAGING SEED WRITERS

Builds the tree, prints "ready", changes it until SIGTERM, then prints as JSON how often it did what, and the files
with a write that no timestamp shows: one that began and ended within one tick of the clock after another change, or
one that went on so long that a whole copy fits into it. Each content is written by one call, so that no mixture lasts
longer than that call.
"""
import collections
import json
import os
import random
import shutil
import signal
import sys
import time

from versions import BLOCK, content, growing_block

FILES = 40
LARGE_BLOCKS = 66 * 256
MOST_BLOCKS = 64
LONGEST_PAUSE_S = 0.004
# Ten times what a write of the most blocks takes, unless another process gets the processor during it.
LONG_WRITE_S = 0.001


class Writer:
    def __init__(self, tree, staging, number, seed):
        self.random = random.Random(f'{seed} {number}')
        self.tree = os.path.join(tree, f'w{number}')
        self.staging = os.path.join(staging, f's{number}')
        self.version = 1
        self.counts = collections.Counter()
        self.hidden = set()
        os.makedirs(self.staging)

    def build(self):
        for kind in ('whole', 'growing', 'shifting', 'moving/inner'):
            os.makedirs(os.path.join(self.tree, kind))
            for index in range(FILES):
                self.write(f'{kind}/f{index}', self.new_content(growing=kind == 'growing'))
        self.write('large', content(7, 1, LARGE_BLOCKS))

    def path(self, name):
        return os.path.join(self.tree, name)

    def write(self, name, data):
        path = self.path(name)
        before_ns = os.stat(path).st_ctime_ns if os.path.exists(path) else None
        with open(path, 'wb', buffering=0) as file:
            self.write_to(file, data, before_ns)

    def write_to(self, file, data, before_ns):
        began_s = time.monotonic()
        file.write(data)
        lasted_s = time.monotonic() - began_s
        after = os.fstat(file.fileno())
        if after.st_ctime_ns == before_ns or lasted_s > LONG_WRITE_S:
            self.hidden.update(self.names_of(after.st_ino))

    def names_of(self, inode):
        for directory, _, names in os.walk(self.tree):
            for name in names:
                path = os.path.join(directory, name)
                if os.lstat(path).st_ino == inode:
                    yield os.path.relpath(path, os.path.dirname(self.tree))

    def new_content(self, growing=False):
        self.version += 1
        count = self.random.randint(1, MOST_BLOCKS)
        if growing:
            return b''.join(growing_block(5, index) for index in range(count))
        return content(9, self.version, count)

    def any(self, directory):
        return f'{directory}/f{self.random.randrange(FILES)}'

    def step(self):
        act = self.random.choice(ACTS)
        try:
            act(self)
            self.counts[act.__name__] += 1
        except FileNotFoundError:
            pass

    def grow(self):
        path = self.path(self.any('growing'))
        before_ns = os.stat(path).st_ctime_ns
        with open(path, 'ab', buffering=0) as file:
            self.write_to(file, growing_block(5, file.tell() // BLOCK), before_ns)

    def shrink(self):
        path = self.path(self.any('growing'))
        os.truncate(path, os.stat(path).st_size // BLOCK // 2 * BLOCK)

    def truncate_and_write(self):
        self.write(self.any('whole'), self.new_content())

    def rewrite_with_mtime_set_back(self):
        path = self.path(self.any('whole'))
        before = os.stat(path)
        self.version += 1
        with open(path, 'r+b', buffering=0) as file:
            self.write_to(file, content(9, self.version, before.st_size // BLOCK), before.st_ctime_ns)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def rewrite_large(self):
        self.version += 1
        self.random.random() < 0.1 and self.write_large()

    def write_large(self):
        path = self.path('large')
        before_ns = os.stat(path).st_ctime_ns
        with open(path, 'r+b', buffering=0) as file:
            self.write_to(file, content(7, self.version, LARGE_BLOCKS), before_ns)

    def rename_over(self):
        staged = os.path.join(self.staging, 'new')
        with open(staged, 'wb', buffering=0) as file:
            file.write(self.new_content())
        os.rename(staged, self.path(self.any('whole')))

    def remove_and_make(self):
        name = self.any('whole')
        os.unlink(self.path(name))
        time.sleep(self.random.random() * LONGEST_PAUSE_S)
        self.write(name, self.new_content())

    def link(self):
        first, second = self.path(self.any('whole')), self.path(self.any('whole'))
        if first != second:
            staged = os.path.join(self.staging, 'link')
            os.link(first, staged)
            os.rename(staged, second)
            # rename(2) does nothing if both names are links to one file.
            if os.path.lexists(staged):
                os.unlink(staged)

    def shift_shape(self):
        name = self.any('shifting')
        path = self.path(name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
        shape = self.random.randrange(4)
        if shape == 0:
            os.mkdir(path)
            self.write(f'{name}/inner', self.new_content())
        elif shape == 1:
            os.symlink(f'target{self.version}', path)
        elif shape == 2:
            os.mkfifo(path)
        else:
            self.write(name, self.new_content())

    def rename_directory(self):
        first, second = self.path('moving/inner'), self.path('moving/other')
        os.rename(*((first, second) if os.path.isdir(first) else (second, first)))

    def chmod(self):
        os.chmod(self.path(self.any('growing')), self.random.choice((0o600, 0o644, 0o755)))


ACTS = (
    Writer.grow, Writer.shrink, Writer.truncate_and_write, Writer.rewrite_with_mtime_set_back,
    Writer.rewrite_large, Writer.rename_over, Writer.remove_and_make, Writer.link,
    Writer.shift_shape, Writer.rename_directory, Writer.chmod,
)


def run(writer):
    is_stopped = []
    signal.signal(signal.SIGTERM, lambda *_: is_stopped.append(True))
    while not is_stopped:
        writer.step()
        time.sleep(writer.random.random() * LONGEST_PAUSE_S)


def in_child(writer):
    """Gives the process id, and the pipe to which the child writes what it did when it ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        run(writer)
        with os.fdopen(writing, 'w') as pipe:
            json.dump({'counts': writer.counts, 'hidden': sorted(writer.hidden)}, pipe)
        os._exit(0)
    os.close(writing)
    return child, reading


def main(tree, staging, seed, count):
    writers = [Writer(tree, staging, number, seed) for number in range(int(count))]
    for writer in writers:
        writer.build()
    children = [in_child(writer) for writer in writers]
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(child, signal.SIGTERM) for child, _ in children])
    print('ready', flush=True)
    counts, hidden = collections.Counter(), []
    for child, reading in children:
        with os.fdopen(reading) as pipe:
            done = json.load(pipe)
        counts.update(done['counts'])
        hidden += done['hidden']
        os.waitpid(child, 0)
    print(json.dumps({'counts': counts, 'hidden': hidden}), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
