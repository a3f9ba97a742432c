"""Holds a manifest against the tree it tells of: prints each line that is wrong, and each path that is missing."""
import base64, hashlib, json, os, stat, sys

manifest, root = sys.argv[1], os.fsencode(sys.argv[2])
TYPES = {
    stat.S_IFREG: 'file', stat.S_IFDIR: 'directory', stat.S_IFLNK: 'symlink', stat.S_IFIFO: 'fifo',
    stat.S_IFSOCK: 'socket', stat.S_IFCHR: 'character device', stat.S_IFBLK: 'block device',
}


def name_of(line, key):
    if key + 'Base64' in line:
        return base64.b64decode(line[key + 'Base64'])
    return line[key].encode()


def expected(path):
    found = os.lstat(path)
    line = {
        'type': TYPES[stat.S_IFMT(found.st_mode)], 'size': found.st_size, 'mtimeNs': str(found.st_mtime_ns),
        'mode': '%04o' % stat.S_IMODE(found.st_mode), 'uid': found.st_uid, 'gid': found.st_gid,
    }
    if stat.S_ISREG(found.st_mode):
        line['digestAlgorithm'] = 'sha256'
        line['digest'] = hashlib.sha256(open(path, 'rb').read()).hexdigest()
    if stat.S_ISLNK(found.st_mode):
        line['target'] = os.readlink(path)
    if stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode):
        line['deviceNumber'] = '%d:%d' % (os.major(found.st_rdev), os.minor(found.st_rdev))
    if found.st_nlink > 1 and not stat.S_ISDIR(found.st_mode):
        line['linkGroup'] = '%d:%d:%d' % (os.major(found.st_dev), os.minor(found.st_dev), found.st_ino)
    return line


paths = {b''}
for directory, names, others in os.walk(root):
    paths.update(os.path.relpath(os.path.join(directory, name), root) for name in names + others)

lines = [json.loads(text) for text in open(manifest, encoding='utf8')]
if lines[0].get('event') != 'manifest' or 'path' in lines[0]:
    print('no head:', lines[0])
for line in lines[1:]:
    path = name_of(line, 'path')
    if path not in paths:
        print('too much:', path)
    paths.discard(path)
    told = {k: v for k, v in line.items() if not k.startswith(('path', 'target')) and k != 'verdict'}
    if 'target' in line:
        told['target'] = name_of(line, 'target')
    wanted = expected(os.path.join(root, path) if path else root)
    if told != wanted or line['verdict'] != 'verified':
        print(path, line, wanted)
for path in sorted(paths):
    print('missing:', path)
