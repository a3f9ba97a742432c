"""Changes a tree as time does. A mutation names its path by number, modulo the paths there are, so that
any list of mutations fits any tree and a failing one can be shrunk."""

import os
import stat
import zlib

from build import DIRECTORY, fill, finish_directories, make_hard_link, open_parent, remove, set_metadata
from survey import Found, survey


def mutate(root, mutations):
    """Applies each mutation that fits; says what was done, for the report of a failing test."""
    root_fd = os.open(root, DIRECTORY)
    done = []
    for mutation in mutations:
        entries = survey(root)
        done.append(ACTIONS[mutation["action"]](root_fd, mutation, entries))
    os.close(root_fd)
    return [line for line in done if line]


def picked(mutation, entries, kinds=None):
    fitting = [entry for entry in entries[1:] if kinds is None or entry["kind"] in kinds]
    return fitting[mutation["pick"] % len(fitting)] if fitting else None


def place_for(mutation, entries):
    """A path in some directory, for an entry to be made or moved there."""
    directories = [entry for entry in entries if entry["kind"] == "directory"]
    directory = directories[mutation["into"] % len(directories)]["path"]
    return os.path.join(directory, mutation["name"])


def write(root_fd, mutation, entries):
    path = place_for(mutation, entries)
    parent_fd, name = open_parent(root_fd, path.encode("latin1"))
    nodes = [(name.decode("latin1"), mutation["node"])]
    fill(parent_fd, nodes, b"", [])
    finish_directories(parent_fd, nodes)
    os.close(parent_fd)
    return f"write {path!r}"


def on_picked(kinds, change):
    def action(root_fd, mutation, entries):
        entry = picked(mutation, entries, kinds)
        if entry is None:
            return None
        parent_fd, name = open_parent(root_fd, entry["path"].encode("latin1"))
        change(parent_fd, name, entry, mutation)
        os.close(parent_fd)
        return f"{mutation['action']} {entry['path']!r}"

    return action


def adjust(parent_fd, name, entry, mutation):
    meta = dict(mutation["meta"])
    if entry["kind"] == "symlink":
        meta.pop("mode", None)
    set_metadata(parent_fd, name, entry["kind"], meta)


def append(parent_fd, name, entry, mutation):
    """The new time follows from the content, so that equal size and time still mean equal content."""
    fd = os.open(name, os.O_RDWR | os.O_APPEND, dir_fd=parent_fd)
    os.write(fd, b"appended")
    size = os.fstat(fd).st_size
    time_ns = 2 * zlib.crc32(os.pread(fd, size, 0))
    os.close(fd)
    os.utime(name, ns=(time_ns, time_ns), dir_fd=parent_fd, follow_symlinks=False)


def flip(parent_fd, name, entry, mutation):
    """One bit changes; size and times stay, as when a disk rots."""
    if entry["sizeBytes"] == 0:
        return
    before = Found(parent_fd, name).stat
    fd = os.open(name, os.O_RDWR, dir_fd=parent_fd)
    offset = mutation["into"] % entry["sizeBytes"]
    byte = os.pread(fd, 1, offset)[0]
    os.pwrite(fd, bytes([byte ^ 1]), offset)
    os.close(fd)
    os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns), dir_fd=parent_fd, follow_symlinks=False)


def separate(parent_fd, name, entry, mutation):
    """A hard link becomes a file of its own with the same bytes and times."""
    before = Found(parent_fd, name).stat
    with open(os.open(name, os.O_RDONLY, dir_fd=parent_fd), "rb") as file:
        content = file.read()
    os.unlink(name, dir_fd=parent_fd)
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=parent_fd)
    os.write(fd, content)
    os.fchown(fd, before.st_uid, before.st_gid)
    os.fchmod(fd, stat.S_IMODE(before.st_mode))
    os.close(fd)
    os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns), dir_fd=parent_fd)


def drop(parent_fd, name, entry, mutation):
    remove(parent_fd, name, Found(parent_fd, name).stat)


def rename(root_fd, mutation, entries):
    entry = picked(mutation, entries)
    path = place_for(mutation, entries)
    if entry is None or path.startswith(entry["path"] + "/") or path == entry["path"]:
        return None
    if any(found["path"] == path for found in entries):
        return None
    old_fd, old_name = open_parent(root_fd, entry["path"].encode("latin1"))
    new_fd, new_name = open_parent(root_fd, path.encode("latin1"))
    os.rename(old_name, new_name, src_dir_fd=old_fd, dst_dir_fd=new_fd)
    os.close(old_fd)
    os.close(new_fd)
    return f"rename {entry['path']!r} {path!r}"


def link(root_fd, mutation, entries):
    entry = picked(mutation, entries, KINDS_TO_LINK)
    path = place_for(mutation, entries)
    if entry is None or any(found["path"] == path for found in entries):
        return None
    make_hard_link(root_fd, entry["path"].encode("latin1"), path.encode("latin1"))
    return f"link {entry['path']!r} {path!r}"


KINDS_TO_LINK = ("file", "symlink", "fifo")
ACTIONS = {
    "write": write,
    "adjust": on_picked(None, adjust),
    "attribute": on_picked(("file", "directory"), adjust),
    "append": on_picked(("file",), append),
    "flip": on_picked(("file",), flip),
    "separate": on_picked(("file",), separate),
    "remove": on_picked(None, drop),
    "rename": rename,
    "link": link,
}
