/** The mounts this process sees: /proc/self/mountinfo. */
import type { Mount } from '../model/location.ts';
import { readProcFile } from './proc-file.ts';
import { isBelow, pathBelow } from './real-paths.ts';

const REMOTE_TYPES: ReadonlySet<string> = new Set(
  [
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    'smbfs',
    '9p',
    'virtiofs',
    'ceph',
    'afs',
    'coda',
    'lustre',
    'beegfs',
  ].concat(['gpfs', 'glusterfs', 'orangefs', 'pvfs2', 'ocfs2', 'gfs2', 'wekafs', 'panfs', 'fuse']),
);

const BYTE_COPYING_TYPES: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'tmpfs']);

/** @throws LocationError */
export function readMounts(): Mount[] {
  return parseMounts(readProcFile('/proc/self/mountinfo'));
}

export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => parseMount(line) ?? []);
}

/** By mount id, or the one that holds an absolute real path. */
export function mountOf(mounts: readonly Mount[], at: number | string): Mount | undefined {
  if (typeof at === 'number') return mounts.find((mount) => mount.mountId === at);
  let found: Mount | undefined;
  // Later lines are mounted over earlier ones.
  for (const mount of mounts) {
    if (!isBelow(at, mount.mountPoint)) continue;
    if (found === undefined || mount.mountPoint.length >= found.mountPoint.length) found = mount;
  }
  return found;
}

/** Those at names below a directory, given by its absolute real path: also those that others hide. */
export function mountsBelow(mounts: readonly Mount[], path: string): Mount[] {
  return mounts.filter(({ mountPoint }) => mountPoint !== path && isBelow(mountPoint, path));
}

/** Where a path is on the file system of the mount that holds it, by whatever mount: unique for one device only. */
export function placeOn({ fileSystemType, source, rootPath, mountPoint }: Mount, path: string): string {
  // NFS: the source names the directory mounted, with the server; the root path is always `/`.
  const base = fileSystemType.startsWith('nfs') ? source : rootPath;
  return (base.endsWith('/') ? base.slice(0, -1) : base) + pathBelow(path, mountPoint);
}

/** RFC 1813 section 3.3.6; NFS v4 asks for them apart. `nocto` opens files without asking the server. */
export function readsBringAttributes(mount: Mount | undefined): boolean {
  if (mount?.fileSystemType !== 'nfs') return false;
  return mount.superOptions.includes('vers=3') && !mount.superOptions.includes('nocto');
}

/**
 * Their copy_file_range(2) copies bytes, one call a file at a time: others that share extents take no time
 * at all, and servers copy by themselves.
 */
export function copiesUnderFileLock(mount: Mount | undefined): boolean {
  return mount !== undefined && BYTE_COPYING_TYPES.has(mount.fileSystemType);
}

/** Fields 1 to 6, optional fields, a dash, then type, source and options of the file system: proc(5). */
function parseMount(line: string): Mount | undefined {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [mountId, parentId, device, rootPath, mountPoint, options] = fields;
  const [fileSystemType, source, superOptions] = fields.slice(dash + 1);
  if (dash < 0 || rootPath === undefined || mountPoint === undefined || fileSystemType === undefined) {
    return undefined;
  }
  return {
    mountId: Number(mountId),
    parentId: Number(parentId),
    device: device ?? '',
    mountPoint: unescapeField(mountPoint),
    rootPath: unescapeField(rootPath),
    fileSystemType,
    source: unescapeField(source ?? ''),
    options: options?.split(',') ?? [],
    superOptions: superOptions?.split(',').map(unescapeField) ?? [],
    isRemote: REMOTE_TYPES.has(fileSystemType) || fileSystemType.startsWith('fuse.'),
  };
}

/** Space, tab, newline, backslash and others are written as three octal digits, here as in fstab(5). */
export function unescapeField(field: string): string {
  return field.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
