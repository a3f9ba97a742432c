/** Checks how the servers treat this user: one test file shows it before a million permission errors do. */
import { displayName } from '../model/display-name.ts';
import type { Check } from '../model/preflight-results.ts';
import type { OwnerRights } from '../model/owner-rights.ts';
import type { PrivateEntry, WritingProbe } from './probe-roots.ts';

const IDENTITY = 'destination: identity';
const SQUASH_CURE = 'export it with no_root_squash, or use an access point that does not enforce a user';

export function checkProbe(probe: WritingProbe, rights: OwnerRights): Check[] {
  const { isRoot } = rights;
  const writing = { subject: 'destination: writing' };
  if (probe.failure !== undefined) {
    const denied = isRoot ? `if root is denied: ${SQUASH_CURE}` : 'run as a user who may write there';
    const cure = probe.isReadOnly ? 'export it for writing (rw)' : denied;
    return [{ result: 'FAIL', ...writing, finding: probe.failure, cure }];
  }
  const precision = probe.keepsNanoseconds ? 'times are kept to the nanosecond' : 'times are rounded';
  const written: Check = {
    result: 'OK',
    ...writing,
    finding: `a file was created and removed; ${precision}`,
  };
  return [written, checkIdentity(probe, rights)];
}

function checkIdentity(probe: WritingProbe, { isRoot, uid, mapped }: OwnerRights): Check {
  if (probe.uid !== uid) {
    return {
      result: 'FAIL',
      subject: IDENTITY,
      finding: `files that user ${uid} creates belong to ${probe.uid}:${probe.gid}: the server enforces an identity, so no owner can be kept`,
      cure: SQUASH_CURE,
    };
  }
  if (!isRoot) {
    return {
      result: 'WARNING',
      subject: IDENTITY,
      finding: `not root: all files will belong to user ${uid}, and other owners cannot be kept`,
      cure: 'run as root to keep owners',
    };
  }
  if (mapped !== undefined) {
    return {
      result: 'WARNING',
      subject: IDENTITY,
      finding: 'this user namespace does not map every id (/proc/self/uid_map): other owners cannot be kept',
      cure: 'to keep owners, run outside it or map every id',
    };
  }
  if (probe.chownFailure !== undefined) {
    const finding = `root cannot give a file to another user: ${probe.chownFailure}`;
    return { result: 'FAIL', subject: IDENTITY, finding, cure: SQUASH_CURE };
  }
  return { result: 'OK', subject: IDENTITY, finding: 'root can give files to any user' };
}

/** @param found in the source */
export function checkReading(found: PrivateEntry | undefined, { isRoot }: OwnerRights): Check {
  const subject = 'source: reading';
  if (found === undefined)
    return { result: 'OK', subject, finding: 'found nothing that only its owner may read' };
  if (found.failure === undefined) {
    return {
      result: 'OK',
      subject,
      finding: `can read even ${displayName(found.path)}, which only its owner may read`,
    };
  }
  return {
    result: isRoot ? 'FAIL' : 'WARNING',
    subject,
    finding: `cannot read ${displayName(found.path)}, which only its owner may read: ${found.failure}`,
    cure: isRoot
      ? 'the export squashes root: export it with no_root_squash, and mount it again'
      : 'run as root to copy what others own',
  };
}
