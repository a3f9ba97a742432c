/** Checks a root's mount: its type, whether it is a mount at all, encryption, readahead. */
import type { ByteString } from '../model/byte-string.ts';
import type { Check } from '../model/preflight-results.ts';
import { displayName } from '../model/display-name.ts';
import { fileSystemOf } from '../model/file-systems.ts';
import type { Location } from '../model/run/location.ts';

export function checkMount({ side, mount, realPath, isRemote }: Location, fstabSource?: string): Check {
  const subject = `${side}: mount`;
  if (mount === undefined) {
    return { result: 'WARNING', subject, finding: 'its mount is not in /proc/self/mountinfo' };
  }
  const what = `${mount.fileSystemType} ${displayName(mount.source)} at ${displayName(mount.mountPoint)}`;
  if (fstabSource !== undefined && mount.mountPoint !== realPath) {
    return {
      result: 'FAIL',
      subject,
      finding: `/etc/fstab lists ${displayName(fstabSource)} for it, but that is not mounted: this is ${what}`,
      cure: `mount ${displayName(realPath)}`,
    };
  }
  if (isRemote) return { result: 'OK', subject, finding: what };
  const finding = `on this machine: ${what}`;
  if (side === 'source') return { result: 'OK', subject, finding };
  return { result: 'WARNING', subject, finding, cure: 'if it should be a mount, check that it is mounted' };
}

export function checkEncryption(
  { side, isRemote }: Location,
  tls: { encrypted: 'yes' | 'no' | 'unknown'; evidence: string },
): Check | undefined {
  if (!isRemote) return undefined;
  const subject = `${side}: encryption in transit`;
  const words = { yes: 'encrypted', no: 'not encrypted', unknown: 'cannot tell' } as const;
  const finding = `${words[tls.encrypted]}: ${tls.evidence}`;
  if (tls.encrypted === 'yes') return { result: 'OK', subject, finding };
  return { result: 'WARNING', subject, finding, cure: 'mount with -o tls (efs-utils) or xprtsec=tls' };
}

/** EFS recommends 15 blocks of 1 MiB; Linux gives NFS 128 KiB since 5.4. */
const READAHEAD_KB = 15_000;

export function checkReadahead(
  { side, mount }: Location,
  at: { readonly kb: number | undefined; readonly file: ByteString },
): Check | undefined {
  if (at.kb === undefined || !fileSystemOf(mount).isNfs) return undefined;
  const subject = `${side}: readahead`;
  const finding = `${at.kb} KiB`;
  if (at.kb >= READAHEAD_KB) return { result: 'OK', subject, finding };
  return {
    result: 'WARNING',
    subject,
    finding: `${finding}: reading one large file at a time is slow`,
    cure: `echo ${READAHEAD_KB} > ${at.file}`,
  };
}

/** Two mounts of one export share the device; two paths to one directory were refused before. */
export function checkApart(source: Location, destination: Location): Check | undefined {
  if (!source.isRemote || source.device !== destination.device) return undefined;
  return {
    result: 'WARNING',
    subject: 'source and destination',
    finding: `on the same file system, ${displayName(source.mount?.source ?? source.path)}, which carries the load of both sides`,
  };
}

/** Most mounts named in one message. */
const MOST_NAMES = 5;

/** @param paths of mounts below the root, relative to it */
export function checkMountsBelow(
  { side }: Location,
  paths: readonly ByteString[],
  oneFileSystem: boolean,
): Check | undefined {
  if (paths.length === 0) return undefined;
  const subject = `${side}: mounts below`;
  const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : '';
  const finding = `${paths.slice(0, MOST_NAMES).map(displayName).join(', ')}${more}`;
  if (oneFileSystem && side === 'source')
    return { result: 'OK', subject, finding: `${finding}: skipped (-x)` };
  const cure =
    side === 'source'
      ? 'they are copied too; use -x to skip them'
      : 'files that the source has there are written to them; nothing is deleted in a mount whose directory the source does not have';
  return { result: 'WARNING', subject, finding, cure };
}

/** For a source that is a snapshot. */
export function checkSnapshot({ path }: Location): Check {
  return { result: 'OK', subject: 'source: snapshot', finding: displayName(path) };
}

export function checkSnapshots(
  source: Location,
  snapshotDirectory: ByteString | undefined,
): Check | undefined {
  if (!source.isRemote || snapshotDirectory === undefined) return undefined;
  const subject = 'source: live data';
  return {
    result: 'WARNING',
    subject,
    finding: `snapshots are available in ${displayName(snapshotDirectory)}; without one, files that change during a sync are reported as changed`,
    cure: 'use --source-snapshot=latest: files in a snapshot do not change',
  };
}
