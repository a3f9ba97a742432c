/** What a root's mount tells: what it is, whether it is one at all, encryption, readahead. */
import type { Check } from '../../model/check.ts';
import { displayName } from '../../model/display-name.ts';
import type { Location } from '../../model/location.ts';

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
      finding: `/etc/fstab has ${displayName(fstabSource)} there, and it is not mounted: this is ${what}`,
      cure: `mount ${displayName(realPath)}`,
    };
  }
  if (isRemote) return { result: 'OK', subject, finding: what };
  const finding = `on this machine: ${what}`;
  if (side === 'source') return { result: 'OK', subject, finding };
  return { result: 'WARNING', subject, finding, cure: 'if it is to be a mount, see whether it is mounted' };
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
  at: { readonly kb: number | undefined; readonly file: string },
): Check | undefined {
  if (at.kb === undefined || !mount?.fileSystemType.startsWith('nfs')) return undefined;
  const subject = `${side}: readahead`;
  const finding = `${at.kb} KiB`;
  if (at.kb >= READAHEAD_KB) return { result: 'OK', subject, finding };
  return {
    result: 'WARNING',
    subject,
    finding: `${finding}: one large file after another is read slowly`,
    cure: `echo ${READAHEAD_KB} > ${at.file}`,
  };
}

/** Two mounts of one export share the device; the same directory was refused before. */
export function checkApart(source: Location, destination: Location): Check | undefined {
  if (!source.isRemote || source.device !== destination.device) return undefined;
  return {
    result: 'WARNING',
    subject: 'source and destination',
    finding: `on the same file system, ${displayName(source.mount?.source ?? source.path)}: its load is that of both sides`,
  };
}

/** Of the names of mounts, the most that are told. */
const MOST_NAMES = 5;

/** @param paths of what is mounted below the root, relative to it */
export function checkMountsBelow(
  { side }: Location,
  paths: readonly string[],
  oneFileSystem: boolean,
): Check | undefined {
  if (paths.length === 0) return undefined;
  const subject = `${side}: mounts below`;
  const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : '';
  const finding = `${paths.slice(0, MOST_NAMES).map(displayName).join(', ')}${more}`;
  if (oneFileSystem && side === 'source')
    return { result: 'OK', subject, finding: `${finding}: left out (-x)` };
  const cure =
    side === 'source'
      ? 'they are copied too; -x leaves them out'
      : 'what the source has there is written to them; nothing is deleted in those that it does not have';
  return { result: 'WARNING', subject, finding, cure };
}

/** The source is one. */
export function checkSnapshot({ path }: Location): Check {
  return { result: 'OK', subject: 'source: snapshot', finding: displayName(path) };
}

export function checkSnapshots(source: Location, snapshotDirectory: string | undefined): Check | undefined {
  if (!source.isRemote || snapshotDirectory === undefined) return undefined;
  const subject = 'source: live data';
  return {
    result: 'WARNING',
    subject,
    finding: `snapshots are at hand in ${displayName(snapshotDirectory)}: files that change during a sync are reported as changed`,
    cure: '--source-snapshot=latest: the files of a snapshot do not change',
  };
}
