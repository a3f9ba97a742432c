"""Builds a described tree, with exact bytes in names and exact nanoseconds in times."""

import base64
import os
import shutil
import stat
import subprocess

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
SPECIAL_TYPES = {
    "fifo": stat.S_IFIFO,
    "socket": stat.S_IFSOCK,
    "character device": stat.S_IFCHR,
    "block device": stat.S_IFBLK,
}


def write_tree(root, nodes, meta=None):
    """Writes nodes ([name, node] pairs) into the directory root, replacing what has their names."""
    os.makedirs(root, exist_ok=True)
    root_fd = os.open(root, DIRECTORY)
    try:
        links = []
        fill(root_fd, nodes, b"", links)
        for path, leader in links:
            make_hard_link(root_fd, leader, path)
        # A link changes its directory's mtime, so directories get their metadata after all links.
        finish_directories(root_fd, nodes)
        if meta:
            set_metadata(root_fd, b".", "directory", meta)
    finally:
        os.close(root_fd)


def fill(parent_fd, nodes, prefix, links):
    for latin1_name, node in nodes:
        name = latin1_name.encode("latin1")
        if node["kind"] == "hard link":
            links.append((prefix + name, node["leader"].encode("latin1")))
            continue
        make_way(parent_fd, name, node["kind"])
        make(parent_fd, name, node)
        if node["kind"] == "directory":
            fd = os.open(name, DIRECTORY, dir_fd=parent_fd)
            fill(fd, node["nodes"], prefix + name + b"/", links)
            os.close(fd)
        else:
            set_metadata(parent_fd, name, node["kind"], node)


def make_way(parent_fd, name, kind):
    try:
        found = os.lstat(name, dir_fd=parent_fd)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found.st_mode) and kind == "directory":
        return
    remove(parent_fd, name, found)


def remove(parent_fd, name, found):
    if stat.S_ISDIR(found.st_mode):
        shutil.rmtree(name, dir_fd=parent_fd)
    else:
        os.unlink(name, dir_fd=parent_fd)


def make(parent_fd, name, node):
    kind = node["kind"]
    if kind == "file":
        write_file(parent_fd, name, node)
    elif kind == "directory":
        try:
            os.mkdir(name, 0o755, dir_fd=parent_fd)
        except FileExistsError:
            pass
    elif kind == "symlink":
        os.symlink(node["linkTarget"].encode("latin1"), name, dir_fd=parent_fd)
    else:
        device = os.makedev(node.get("major", 0), node.get("minor", 0))
        os.mknod(name, SPECIAL_TYPES[kind] | 0o644, device, dir_fd=parent_fd)


def write_file(parent_fd, name, node):
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=parent_fd)
    for offset, content in node["extents"]:
        data = base64.b64decode(content)
        while data:
            written = os.pwrite(fd, data, offset)
            data, offset = data[written:], offset + written
    if "sizeBytes" in node:
        os.ftruncate(fd, node["sizeBytes"])
    os.close(fd)


def make_hard_link(root_fd, leader, path):
    leader_fd, leader_name = open_parent(root_fd, leader)
    path_fd, path_name = open_parent(root_fd, path)
    make_way(path_fd, path_name, "hard link")
    os.link(leader_name, path_name, src_dir_fd=leader_fd, dst_dir_fd=path_fd, follow_symlinks=False)
    os.close(leader_fd)
    os.close(path_fd)


def open_parent(root_fd, path):
    """A descriptor of the directory that holds path, however long path is, and the last name."""
    *directories, name = path.split(b"/")
    fd = os.dup(root_fd)
    for directory in directories:
        below = os.open(directory, DIRECTORY, dir_fd=fd)
        os.close(fd)
        fd = below
    return fd, name


def finish_directories(parent_fd, nodes):
    for latin1_name, node in nodes:
        if node["kind"] != "directory":
            continue
        name = latin1_name.encode("latin1")
        fd = os.open(name, DIRECTORY, dir_fd=parent_fd)
        finish_directories(fd, node["nodes"])
        os.close(fd)
        set_metadata(parent_fd, name, "directory", node)


def set_metadata(parent_fd, name, kind, meta):
    """Owner before mode, because chown clears set-id bits; times last."""
    if "uid" in meta or "gid" in meta:
        os.chown(name, meta.get("uid", -1), meta.get("gid", -1), dir_fd=parent_fd, follow_symlinks=False)
    path = b"/proc/self/fd/%d/%s" % (parent_fd, name)
    if "mode" in meta:
        os.chmod(path, meta["mode"])
    for option, text in (("-m", meta.get("acl")), ("-dm", meta.get("defaultAcl"))):
        if text is not None:
            subprocess.run(["setfacl", option, text, b"/proc/%d/fd/%d/%s" % (os.getpid(), parent_fd, name)], check=True)
    for attribute, value in meta.get("xattrs", {}).items():
        os.setxattr(path, attribute, value.encode("latin1"), follow_symlinks=False)
    if "mtimeNs" in meta or "atimeNs" in meta:
        set_times(parent_fd, name, meta)


def set_times(parent_fd, name, meta):
    before = os.lstat(name, dir_fd=parent_fd)
    atime = int(meta.get("atimeNs", before.st_atime_ns))
    mtime = int(meta.get("mtimeNs", before.st_mtime_ns))
    os.utime(name, ns=(atime, mtime), dir_fd=parent_fd, follow_symlinks=False)
