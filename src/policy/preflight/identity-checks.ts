/** What the servers make of this user: found with one file before a million permission errors. */
import { displayName } from '../../model/display-name.ts';
import type { Check } from '../../model/check.ts';
import type { OwnerRights } from '../../model/owner-rights.ts';

/** What became of one small file at the destination. */
export interface ProbeResult {
  /** In words, the first call that failed: "cannot make a file: Permission denied". */
  readonly failure: string | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Undefined: giving it to another user worked. */
  readonly chownFailure: string | undefined;
  readonly keepsNanoseconds: boolean;
}

const IDENTITY = 'destination: identity';
const SQUASH_CURE = 'export it with no_root_squash, or use an access point that enforces no user';

export function checkProbe(probe: ProbeResult, rights: OwnerRights): Check[] {
  const { isRoot } = rights;
  const writing = { subject: 'destination: writing' };
  if (probe.failure !== undefined) {
    const cure = isRoot ? `if root is denied: ${SQUASH_CURE}` : 'run as a user who may write there';
    return [{ result: 'FAIL', ...writing, finding: probe.failure, cure }];
  }
  const precision = probe.keepsNanoseconds ? 'times are kept to the nanosecond' : 'times are kept coarsely';
  const written: Check = { result: 'OK', ...writing, finding: `a file was made and removed; ${precision}` };
  return [written, checkIdentity(probe, rights)];
}

function checkIdentity(probe: ProbeResult, { isRoot, uid, mapped }: OwnerRights): Check {
  if (probe.uid !== uid) {
    return {
      result: 'FAIL',
      subject: IDENTITY,
      finding: `what user ${uid} makes belongs to ${probe.uid}:${probe.gid}: the server forces an identity, and no owner can be kept`,
      cure: SQUASH_CURE,
    };
  }
  if (!isRoot) {
    return {
      result: 'WARNING',
      subject: IDENTITY,
      finding: `not root: files belong to user ${uid}, other owners cannot be kept`,
      cure: 'run as root to keep owners',
    };
  }
  if (mapped !== undefined) {
    return {
      result: 'WARNING',
      subject: IDENTITY,
      finding: 'this user namespace does not map every id (/proc/self/uid_map): other owners cannot be kept',
      cure: 'run outside of it, or map every id, to keep owners',
    };
  }
  if (probe.chownFailure !== undefined) {
    const finding = `root may not give a file away: ${probe.chownFailure}`;
    return { result: 'FAIL', subject: IDENTITY, finding, cure: SQUASH_CURE };
  }
  return { result: 'OK', subject: IDENTITY, finding: 'root may give files to anybody' };
}

/** A file or directory of the source that only its owner may read, and whether this user could. */
export interface PrivateEntry {
  readonly path: string;
  readonly failure: string | undefined;
}

export function checkReading(found: PrivateEntry | undefined, { isRoot }: OwnerRights): Check {
  const subject = 'source: reading';
  if (found === undefined)
    return { result: 'OK', subject, finding: 'nothing was met that only its owner may read' };
  if (found.failure === undefined) {
    return {
      result: 'OK',
      subject,
      finding: `even ${displayName(found.path)}, which only its owner may read`,
    };
  }
  return {
    result: isRoot ? 'FAIL' : 'WARNING',
    subject,
    finding: `cannot read ${displayName(found.path)}, which only its owner may: ${found.failure}`,
    cure: isRoot
      ? 'the export squashes root: export it with no_root_squash, and mount it again'
      : 'run as root to copy what others own',
  };
}
