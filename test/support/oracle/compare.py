"""Says how a destination differs from its source, path by path; shares nothing with efs-sync."""

import os
import stat

from build import DIRECTORY
from survey import Found, names_in, open_directory

DEFAULT_FIELDS = ["kind", "content", "mode", "uid", "gid", "mtime", "target", "device", "links"]
SPARSE_SLACK_BLOCKS = 128


class Comparison:
    def __init__(self, options):
        self.fields = set(options.get("fields", DEFAULT_FIELDS)) | set(options.get("also", []))
        self.fields -= set(options.get("except", []))
        self.ignored = {path.encode("latin1") for path in options.get("ignore", [])}
        self.skipped_kinds = set(options.get("skippedKinds", []))
        self.keeps_extraneous = options.get("keepsExtraneous", False)
        self.granularity_ns = int(options.get("mtimeGranularityNs", 1))
        self.ignores_directory_mtime = options.get("ignoresDirectoryMtime", False)
        self.differences = []
        self.groups = ({}, {})

    def differ(self, path, what, *values):
        shown = " != ".join(str(value) for value in values)
        self.differences.append(f"{path.decode('latin1') or '.'}: {what} {shown}".rstrip())

    def directories(self, source_fd, destination_fd, prefix):
        source_names, destination_names = set(names_in(source_fd)), set(names_in(destination_fd))
        for name in sorted(source_names | destination_names):
            path = prefix + name
            if path in self.ignored:
                continue
            if name not in source_names:
                self.only_destination(path)
            elif name not in destination_names:
                self.only_source(path, Found(source_fd, name))
            else:
                self.entries(path, Found(source_fd, name), Found(destination_fd, name))

    def only_destination(self, path):
        if not self.keeps_extraneous:
            self.differ(path, "extraneous")

    def only_source(self, path, source):
        if source.kind not in self.skipped_kinds:
            self.differ(path, "missing")

    def entries(self, path, source, destination):
        if source.kind in self.skipped_kinds:
            self.differ(path, "not skipped")
            return
        if source.kind != destination.kind:
            self.differ(path, "kind", source.kind, destination.kind)
            return
        self.metadata(path, source, destination)
        self.content(path, source, destination)
        if source.kind == "directory":
            self.below(path, source, destination)
        else:
            self.groups[0].setdefault(source.identity, []).append(path)
            self.groups[1].setdefault(destination.identity, []).append(path)

    def below(self, path, source, destination):
        source_fd = open_directory(source.parent_fd, source.name)
        destination_fd = open_directory(destination.parent_fd, destination.name)
        self.directories(source_fd, destination_fd, path + b"/" if path else b"")
        os.close(source_fd)
        os.close(destination_fd)

    def field(self, path, field, source_value, destination_value):
        if field in self.fields and source_value != destination_value:
            self.differ(path, field, source_value, destination_value)

    def metadata(self, path, source, destination):
        if source.kind != "symlink":
            self.field(path, "mode", oct(stat.S_IMODE(source.stat.st_mode)), oct(stat.S_IMODE(destination.stat.st_mode)))
        self.field(path, "uid", source.stat.st_uid, destination.stat.st_uid)
        self.field(path, "gid", source.stat.st_gid, destination.stat.st_gid)
        self.field(path, "atime", source.stat.st_atime_ns, destination.stat.st_atime_ns)
        if not (self.ignores_directory_mtime and source.kind == "directory"):
            grain = self.granularity_ns
            self.field(path, "mtime", source.stat.st_mtime_ns // grain * grain, destination.stat.st_mtime_ns)
        if self.fields & {"xattr", "acl"}:
            self.attributes(path, source.xattrs(), destination.xattrs())

    def attributes(self, path, source, destination):
        for field in ("xattr", "acl"):
            of_source, of_destination = (
                {name: value for name, value in side.items() if name.startswith("system.posix_acl_") == (field == "acl")}
                for side in (source, destination)
            )
            self.field(path, field, of_source, of_destination)

    def content(self, path, source, destination):
        if source.kind == "symlink":
            self.field(path, "target", source.link_target(), destination.link_target())
        elif source.kind.endswith("device"):
            self.field(path, "device", source.stat.st_rdev, destination.stat.st_rdev)
        elif source.kind == "file" and "content" in self.fields:
            self.file_content(path, source, destination)

    def file_content(self, path, source, destination):
        if source.stat.st_size != destination.stat.st_size:
            self.differ(path, "size", source.stat.st_size, destination.stat.st_size)
        elif source.digest() != destination.digest():
            self.differ(path, "content")
        allowed = source.stat.st_blocks + SPARSE_SLACK_BLOCKS
        if "blocks" in self.fields and destination.stat.st_blocks > allowed:
            self.differ(path, "blocks", source.stat.st_blocks, destination.stat.st_blocks)

    def links(self):
        if "links" not in self.fields:
            return
        source_groups, destination_groups = (
            {path: group for group in side.values() for path in group} for side in self.groups
        )
        for path, group in source_groups.items():
            if group != destination_groups[path]:
                self.differ(path, "links", group, destination_groups[path])


def compare(source, destination, options):
    comparison = Comparison(options)
    source_fd, destination_fd = os.open(source, DIRECTORY), os.open(destination, DIRECTORY)
    comparison.entries(b"", Found(source_fd, b"."), Found(destination_fd, b"."))
    comparison.links()
    os.close(source_fd)
    os.close(destination_fd)
    return comparison.differences
