/** Advice on a difference: one clause for its line, and sentences for the page. */
import type { Report } from '../../model/run/report.ts';
import type { VerdictClass } from '../../model/run/verdict.ts';

const RENAME_ONE =
  'The destination does not distinguish its name from another name in the source, and has the other one. Rename one of the two in the source, or sync to a file system that distinguishes them.';

const BY_VERDICT_OF_SYNC: Readonly<Record<VerdictClass, string>> = {
  'content mismatch':
    'The destination has different content, although the copy succeeded. Run it again with --checksum or --repair. If the difference comes back, something else writes there, or memory, disk or network corrupts data: do not rely on this copy.',
  'metadata differs':
    'Run it again to set it. If the difference comes back, the destination cannot keep it: check what --preserve asks for, and run “efs-sync preflight”.',
  missing: 'Run it again. If it goes missing again, something else deletes files at the destination.',
  extraneous: 'Something else writes to the destination. Run it again with --delete to remove it.',
  'kind differs': 'Something else replaced it at the destination. Run it again.',
  'links differ':
    'Names that are one file in the source are several files at the destination, or the other way round. Run it again.',
  'name taken': RENAME_ONE,
  'source changed':
    'Someone wrote to it after it was copied. Run it again when nobody is writing to it, or sync a snapshot.',
  'source vanished':
    'It disappeared from the source after it was copied. Run it again; add --delete to remove the copy too.',
  'read error':
    'It could not be read, so nothing is proven about it. Fix the reason given, then run “efs-sync verify”.',
};

/** “efs-sync verify” writes nothing, so its advice is to sync. */
const BY_VERDICT_OF_VERIFY: Readonly<Record<VerdictClass, string>> = {
  'content mismatch':
    'Sync with --checksum or --repair, which also copy files that differ only in content. If the difference comes back, something else writes there, or memory, disk or network corrupts data: do not rely on this copy.',
  'metadata differs':
    'Sync with the same options to set it. If the difference comes back, the destination cannot keep it: run “efs-sync preflight”.',
  missing: 'Run a sync to copy it.',
  extraneous: 'It exists only at the destination. If nobody needs it there, sync with --delete to remove it.',
  'kind differs':
    'Run a sync to replace it at the destination. A directory that is not empty is replaced only with --delete or --force.',
  'links differ':
    'Names that are one file in the source are several files at the destination, or the other way round. Sync with --hard-links.',
  'name taken': RENAME_ONE,
  'source changed':
    'Someone wrote to it while it was being compared. Verify again when nobody is writing to it, or compare with a snapshot.',
  'source vanished':
    'It disappeared from the source while it was being compared. Verify again: if it is still gone, it no longer counts.',
  'read error':
    'It could not be read, so nothing is proven about it. Fix the reason given, then verify again.',
};

const CURE_OF_SYNC: Readonly<Record<VerdictClass, string>> = {
  'content mismatch': 'run again with --checksum or --repair',
  'metadata differs': 'run again to set it',
  missing: 'run again to copy it',
  extraneous: 'run again to delete it',
  'kind differs': 'run again to replace it',
  'links differ': 'run again to link it',
  'name taken': 'rename one of the two in the source',
  'source changed': 'run again when nobody writes to it',
  'source vanished': 'run again',
  'read error': 'fix the reason, then verify again',
};

const CURE_OF_VERIFY: Readonly<Record<VerdictClass, string>> = {
  ...CURE_OF_SYNC,
  'content mismatch': 'sync with --checksum or --repair to copy it',
  'metadata differs': 'sync to set it',
  missing: 'sync to copy it',
  extraneous: 'sync with --delete to delete it',
  'kind differs': 'sync to replace it',
  'links differ': 'sync with --hard-links to link it',
  'source changed': 'verify again when nobody writes to it',
  'source vanished': 'verify again',
};

const PERSISTS = 'still so after --repair: find out what else writes there, or check disk and network';
const MISMATCHES: ReadonlySet<VerdictClass> = new Set<VerdictClass>([
  'content mismatch',
  'metadata differs',
  'missing',
  'kind differs',
]);

/** "run again with --checksum or --repair" */
export function cureOfVerdict(
  verdictClass: VerdictClass,
  { command, repairs = false }: { command: Report['command']; repairs?: boolean },
): string {
  if (repairs && MISMATCHES.has(verdictClass)) return PERSISTS;
  return (command === 'verify' ? CURE_OF_VERIFY : CURE_OF_SYNC)[verdictClass];
}

export function adviceOnVerdict(verdictClass: VerdictClass, command: Report['command']): string {
  const advice = command === 'verify' ? BY_VERDICT_OF_VERIFY : BY_VERDICT_OF_SYNC;
  return advice[verdictClass];
}

export const ADVICE_ON_REPAIRS =
  'It was copied again, and is equal now. Find out what else writes there. If nothing does, memory, disk or network altered it: check them before you rely on this copy.';
