/** The mounts this process sees, in /proc/self/mountinfo, and those that should be there, in /etc/fstab. */
import type { ByteString } from '../../model/byte-string.ts';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Mount } from '../../model/run/location.ts';
import { readProcFile } from '../proc-file.ts';
import { pathBelow, isBelow } from '../real-paths.ts';
import { readFileSync } from 'node:fs';

/** @throws LocationError */
export function readMounts(): Mount[] {
  return parseMounts(readProcFile('/proc/self/mountinfo'));
}

export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => parseMount(line) ?? []);
}

/** Finds a mount by its id, or the mount that holds an absolute real path. */
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

/** Mounts at names below a directory (an absolute real path), including mounts hidden by others. */
export function mountsBelow(mounts: readonly Mount[], path: ByteString): Mount[] {
  return mounts.filter(({ mountPoint }) => mountPoint !== path && isBelow(mountPoint, path));
}

/**
 * A path within the file system of its mount, the same through every mount. Unique only together with the
 * device.
 */
export function placeOn(mount: Mount, path: ByteString): ByteString {
  const { source, rootPath, mountPoint } = mount;
  // NFS: the source names the server and the mounted directory; the root path is always `/`.
  const base = fileSystemOf(mount).isNfs ? source : rootPath;
  return (base.endsWith('/') ? base.slice(0, -1) : base) + pathBelow(path, mountPoint);
}

export function isNfs3(mount: Mount | undefined): boolean {
  return mount !== undefined && fileSystemOf(mount).isNfs && mount.superOptions.includes('vers=3');
}

/**
 * RFC 1813 section 3.3.6; NFS v4 requests attributes separately. `nocto` opens files without asking the
 * server.
 */
export function readsBringAttributes(mount: Mount | undefined): boolean {
  return mount !== undefined && isNfs3(mount) && !mount.superOptions.includes('nocto');
}

/** The source that belongs at that mount point; undefined if fstab(5) has none. latin1. */
export function mountedByFstab(mountPoint: string, file = '/etc/fstab'): string | undefined {
  return readFstab(file).find((entry) => entry.mountPoint === mountPoint)?.source;
}

export interface FstabEntry {
  readonly source: string;
  readonly mountPoint: string;
}

/** Empty if there is none. latin1. */
export function readFstab(file = '/etc/fstab'): FstabEntry[] {
  return readText(file)
    .split('\n')
    .flatMap((line) => {
      const [source = '', place = ''] = line.trim().split(/\s+/);
      if (source === '' || source.startsWith('#')) return [];
      return [{ source: unescapeField(source), mountPoint: unescapeField(place) }];
    });
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
    isRemote: fileSystemOf({ fileSystemType }).isRemote,
  };
}

/** Blocks, at the start of each run. PERF: 50 µs, where a thread pool would take 1 ms to start. */
function readText(file: ByteString): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // Containers have no fstab; an unreadable one must not end a run either.
    return '';
  }
}

/** Space, tab, newline, backslash and others appear as three octal digits, as in fstab(5). */
function unescapeField(field: string): string {
  return field.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
