"""Content that tells its own version in every block, so that a mixture of two versions is seen.

A whole file has blocks of one version and as many as each of them says. A file that grows and shrinks has
version 0: any number of its blocks, from the first on, is whole.
"""
import os
import stat
import struct
import sys

BLOCK = 4096
HEADER = struct.Struct('<QQQQ')
GROWING = 0


def block(identity, version, index, count):
    return HEADER.pack(identity, version, index, count) * (BLOCK // HEADER.size)


def content(identity, version, count):
    return b''.join(block(identity, version, index, count) for index in range(count))


def growing_block(identity, index):
    return block(identity, GROWING, index, 0)


def trouble(data):
    """What is wrong with a file's content; None where it is one whole version."""
    if len(data) % BLOCK:
        return f'{len(data)} bytes are not whole blocks'
    first = None
    for index in range(len(data) // BLOCK):
        found = data[index * BLOCK:(index + 1) * BLOCK]
        header = found[:HEADER.size]
        if found != header * (BLOCK // HEADER.size):
            return f'block {index} is torn'
        identity, version, own_index, count = HEADER.unpack(header)
        if first is None:
            first = (identity, version, count)
        if (identity, version, count) != first or own_index != index:
            return f'block {index} is block {own_index} of {identity}:{version}, block 0 of {first[0]}:{first[1]}'
        if version != GROWING and len(data) != count * BLOCK:
            return f'{len(data) // BLOCK} blocks of the {count} of version {version}'
    return None


def mixtures(root):
    """One line for each file below the root that is not one whole version: path, tab, what is wrong."""
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            with open(path, 'rb') as file:
                wrong = trouble(file.read())
            if wrong is not None:
                yield f'{os.path.relpath(path, root)}\t{wrong}'


if __name__ == '__main__':
    print('\n'.join(mixtures(sys.argv[1])))
