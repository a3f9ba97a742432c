/** What a mount says: whether it is Amazon EFS or read-only, and whether a walk stops at it. */
import { displayName } from '../../model/display-name.ts';
import type { Check } from '../../model/preflight-results.ts';
import type { Location, Mount } from '../../model/run/location.ts';
import { fileSystemOf } from '../../model/file-systems.ts';

/** 'server': only a test write shows it. */
export type ReadOnlyBy = 'mount' | 'server';

type At = Pick<Location, 'side' | 'mount' | 'realPath'>;

export function isMountedReadOnly({ mount }: Pick<Location, 'mount'>): boolean {
  return mount !== undefined && (mount.options.includes('ro') || mount.superOptions.includes('ro'));
}

/** "it is mounted read-only (tmpfs x at /mnt)", and how to fix it. */
export function describeReadOnly({ mount, realPath }: At, by: ReadOnlyBy): { finding: string; cure: string } {
  const where = displayName(mount?.mountPoint ?? realPath);
  const what =
    mount === undefined ? where : `${mount.fileSystemType} ${displayName(mount.source)} at ${where}`;
  if (by === 'server') {
    return { finding: `its server allows no changes to it (${what})`, cure: 'export it for writing (rw)' };
  }
  // After an error a file system makes itself read-only, whatever the mount options say.
  const isByItself = mount?.superOptions.includes('ro') === true && !mount.options.includes('ro');
  return isByItself
    ? {
        finding: `its file system is read-only (${what})`,
        cure: `see dmesg for an error, and mount it for writing: mount -o remount,rw ${where}`,
      }
    : {
        finding: `it is mounted read-only (${what})`,
        cure: `mount it for writing: mount -o remount,rw ${where}`,
      };
}

/** For preflight and for a dry run, which is useful on such a mount too. */
export function checkReadOnly(location: At): Check | undefined {
  if (!isMountedReadOnly(location)) return undefined;
  const { finding, cure } = describeReadOnly(location, 'mount');
  const refused = `${finding}; a sync would be refused (exit status 3)`;
  return { result: 'FAIL', subject: `${location.side}: writing`, finding: refused, cure };
}

/** Where a walk meets a mount. */
export interface MountBounds {
  /** Something is mounted right there. */
  readonly isMountPoint: boolean;
  /** `--one-file-system`: it is a mount point, or on another device than the root. */
  readonly isOutside: boolean;
}

/** Facts about a directory below a root. */
export interface BelowRoot {
  readonly device: number;
  /** Undefined: kernels before 5.8 do not say; then a new device counts as a mount. */
  readonly isMountRoot: boolean | undefined;
  /** The parent directory's device, if known. */
  readonly deviceAbove: number | undefined;
  readonly rootDevice: number;
}

export function mountBoundsOf(
  { device, isMountRoot, deviceAbove, rootDevice }: BelowRoot,
  oneFileSystem: boolean,
): MountBounds {
  const isMountPoint = isMountRoot ?? (deviceAbove !== undefined && deviceAbove !== device);
  return { isMountPoint, isOutside: oneFileSystem && (isMountPoint || device !== rootDevice) };
}

/** Server names in every partition: `fs-0123.efs.eu-west-1.amazonaws.com`. */
const EFS_HOST = /(?:^|\.)fs-[0-9a-f]+\.efs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const NFS_PORT = '2049';

/** Recognises a mount by name or through the proxy of efs-utils, but not by the server's address. */
export function isElasticFileSystem(mount: Mount | undefined): boolean {
  if (mount === undefined || !fileSystemOf(mount).isNfs4) return false;
  const host = mount.source.slice(0, mount.source.indexOf(':/'));
  return EFS_HOST.test(host) || (LOOPBACK.has(host) && isProxyPort(mount.superOptions));
}

/** The proxy uses another port than NFS, which a server on this machine would use. */
function isProxyPort(options: readonly string[]): boolean {
  const port = options.find((option) => option.startsWith('port='))?.slice('port='.length);
  return port !== undefined && port !== NFS_PORT;
}
