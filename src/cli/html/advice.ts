/** What to do about a problem or a difference. */
import type { Problem } from '../../model/problem.ts';
import type { VerdictClass } from '../../model/verdict.ts';

const DENIED =
  'Run as root, on mounts that do not squash root, or give this user the rights. “efs-sync preflight” tells what stands in the way.';
const PASSING = 'Usually it passes: run it again. If it stays, look at the network and at the server.';
const TOO_MUCH =
  'The destination cannot hold it. Change it in the source, or leave it out with --exclude, and run it again.';

const BY_CODE: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EAGAIN: PASSING,
  EBUSY: PASSING,
  EINTR: PASSING,
  ESTALE: PASSING,
  ETIMEDOUT: PASSING,
  EIO: 'A disk or a server failed to read or write. Look at the kernel’s log here (dmesg) and at the server, then run it again.',
  ENAMETOOLONG: TOO_MUCH,
  EFBIG: TOO_MUCH,
  EMLINK: TOO_MUCH,
  EILSEQ: TOO_MUCH,
  EINVAL: TOO_MUCH,
  EOPNOTSUPP: TOO_MUCH,
  EDQUOT: 'A quota is used up where it belongs. Make room or have it raised, and run it again.',
  ENOSPC:
    'There is no room for it where it belongs: its file system is full, or takes no attributes of that size. Make room, or leave it out with --exclude, and run it again.',
  ENOTEMPTY: 'A directory is in the place of something else. Move it away, or run with --delete or --force.',
  EMFILE: 'Too many files were open. Raise the limit (ulimit -n), and run it again.',
};

const BY_CLASS: Readonly<Record<Problem['class'], string>> = {
  failed: 'Look at the path by hand, then run it again: what is there already is not copied again.',
  vanished: 'It went from the source while the run lasted. Run it again: what is gone then takes no part.',
  changed: 'Someone wrote to it while it was copied. Run it again when nobody does, or sync a snapshot.',
};

const BY_VERDICT: Readonly<Record<VerdictClass, string>> = {
  'content mismatch':
    'The destination holds other content though the copy ended without an error. Run it again with --checksum. If it comes back, something else writes there, or memory, disk or network corrupt data: do not rely on this copy.',
  'metadata differs':
    'Run it again, which sets it. If it comes back, the destination does not keep it: see what --preserve asks for, and “efs-sync preflight”.',
  missing: 'Run it again. If it comes back, something else deletes at the destination.',
  extraneous: 'Something else writes to the destination. Run it again with --delete, which removes it.',
  'kind differs': 'Something else took its place at the destination. Run it again.',
  'links differ':
    'Names that are one file in the source are several at the destination, or the other way round. Run it again.',
  'name taken':
    'The destination takes it for the name of something else in the source, and holds that. Rename one of the two in the source, or sync to a file system that tells them apart.',
  'source changed':
    'It was written to since it was copied. Run it again when nobody does, or sync a snapshot.',
  'source vanished':
    'It went from the source since it was copied. Run it again, with --delete if the copy is to go too.',
  'read error': 'What cannot be read is not proven. See to the reason given, then run “efs-sync verify”.',
};

export function adviceOnProblem({ class: problemClass, code, attempt }: Problem): string {
  if (problemClass !== 'failed') return BY_CLASS[problemClass];
  if (attempt === 'find') return 'The list given with --files-from names what the source does not have.';
  return BY_CODE[code] ?? BY_CLASS.failed;
}

export function adviceOnVerdict(verdictClass: VerdictClass): string {
  return BY_VERDICT[verdictClass];
}
