"""Reads a tree relative to directory descriptors, so that no path is too long."""

import errno
import hashlib
import os
import stat

from build import DIRECTORY

WINDOW = 64 * 1024
KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
}


class Found:
    """One path of a tree; its directory's descriptor stays open while it is looked at."""

    def __init__(self, parent_fd, name):
        self.parent_fd = parent_fd
        self.name = name
        self.stat = os.lstat(name, dir_fd=parent_fd)
        self.kind = KINDS[stat.S_IFMT(self.stat.st_mode)]

    @property
    def identity(self):
        return (self.stat.st_dev, self.stat.st_ino)

    def link_target(self):
        return os.readlink(self.name, dir_fd=self.parent_fd)

    def xattrs(self):
        path = b"/proc/self/fd/%d/%s" % (self.parent_fd, self.name)
        try:
            # NFS v4 shows the mode as an ACL of its own.
            names = [name for name in os.listxattr(path, follow_symlinks=False) if name != "system.nfs4_acl"]
            return {name: os.getxattr(path, name, follow_symlinks=False) for name in sorted(names)}
        except OSError as error:
            if error.errno in (errno.EOPNOTSUPP, errno.EPERM):
                return {}
            raise

    def digest(self):
        fd = os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self.parent_fd)
        try:
            return digest_of(fd, self.stat.st_size)
        finally:
            os.close(fd)


def digest_of(fd, size):
    """SHA-256 over the windows that are not all zero, so that a hole and written zeros are the same."""
    digest = hashlib.sha256(b"%d" % size)
    zeros = bytes(WINDOW)
    offset = 0
    while offset < size:
        try:
            offset = os.lseek(fd, offset, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                break
            raise
        offset -= offset % WINDOW
        window = os.pread(fd, WINDOW, offset)
        if window != zeros[: len(window)]:
            digest.update(b"%d:" % offset)
            digest.update(window)
        offset += WINDOW
    return digest.hexdigest()


def names_in(fd):
    return sorted(os.fsencode(name) for name in os.listdir(fd))


def open_directory(parent_fd, name):
    return os.open(name, DIRECTORY, dir_fd=parent_fd)


def survey(root):
    """Every path below root, and root itself as the empty path, in the order of a walk."""
    found = []
    root_fd = os.open(root, DIRECTORY)
    found.append(describe(b"", Found(root_fd, b".")))
    visit(root_fd, b"", found)
    os.close(root_fd)
    return found


def visit(fd, prefix, found):
    for name in names_in(fd):
        entry = Found(fd, name)
        found.append(describe(prefix + name, entry))
        if entry.kind == "directory":
            below = open_directory(fd, name)
            visit(below, prefix + name + b"/", found)
            os.close(below)


def describe(path, entry):
    status = entry.stat
    return {
        "path": path.decode("latin1"),
        "kind": entry.kind,
        "mode": status.st_mode & 0o7777,
        "uid": status.st_uid,
        "gid": status.st_gid,
        "sizeBytes": status.st_size,
        "blocks": status.st_blocks,
        "mtimeNs": str(status.st_mtime_ns),
        "atimeNs": str(status.st_atime_ns),
        "inode": status.st_ino,
        "linkCount": status.st_nlink,
        "linkTarget": entry.link_target().decode("latin1") if entry.kind == "symlink" else None,
    }
