/** The report of a run that has ended. */
import { Difference } from '../model/change.ts';
import type { PhaseTime, Report } from '../model/report.ts';
import type { Tally } from '../model/tally.ts';
import type { Location } from '../model/location.ts';
import { outcomeOfRun } from '../policy/outcome.ts';
import { squashAdvice } from '../policy/root-squash.ts';
import type { Run } from './run.ts';

export interface Conclusion {
  readonly command: Report['command'];
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly phases: readonly PhaseTime[];
  readonly isInterrupted: boolean;
}

export function conclude(run: Run, conclusion: Conclusion): Report {
  const { command, startedAt, elapsedMs, phases, isInterrupted } = conclusion;
  const { results, task } = run;
  const tally: Tally = run.counters.totals();
  const { problemCounts, verdictCounts, deleteLimitReached } = results;
  const found = { tally, problemCounts, verdictCounts, deleteLimitReached };
  return {
    ...found,
    task,
    command,
    outcome: outcomeOfRun(found, isInterrupted),
    startedAt,
    elapsedMs,
    phases,
    problems: results.problems,
    verdicts: results.verdicts,
    notes: [...results.notes, ...notesOn(run, tally, phases)],
    ...(run.statistics && { statistics: run.statistics.conclude() }),
  };
}

function notesOn(run: Run, tally: Tally, phases: readonly PhaseTime[]): string[] {
  const notes: string[] = [];
  if (run.results.deleteLimitReached) {
    const count = tally.entriesToDelete.toLocaleString('en');
    notes.push(
      `nothing was deleted: ${count} of ${tally.destinationEntries.toLocaleString('en')} would have been, more than --max-delete allows`,
    );
  }
  notes.push(...ownershipNotes(run, tally));
  if (tally.linkGroupsSplit > 0) {
    notes.push(
      `groups of hard links that the destination does not hold as one file: ${tally.linkGroupsSplit.toLocaleString('en')}; each is several files of the same content there`,
    );
  }
  if (hidesFromQuickCheck(run)) notes.push(HIDDEN_DIFFERENCES);
  if (tally.otherSpellings > 0) {
    notes.push(
      `names that the destination spells otherwise than the source (case, Unicode form, dots and blanks at the end): ${tally.otherSpellings.toLocaleString('en')}; what they lead to was compared`,
    );
  }
  notes.push(...squashNotes(run));
  if (phases.some(({ phase }) => phase === 'verifying')) notes.push(readingNote(run));
  return notes;
}

const HIDDEN_DIFFERENCES =
  'files of the same size and mtime as their source have other content, which no quick check finds: run once with --checksum';

function hidesFromQuickCheck({ results, task }: Run): boolean {
  const seen = Difference.size | Difference.mtime;
  return (
    !task.settings.checksum &&
    results.verdicts.some((one) => one.class === 'content mismatch' && (one.differences & seen) === 0)
  );
}

/** Owners that a user namespace does not map all read as one: not even a comparison tells them apart. */
function ownershipNotes({ rights, task }: Run, { ownershipNotKept }: Tally): string[] {
  const { uid, gid } = task.settings.preserve;
  const isConfined = rights.isRoot && rights.mapped !== undefined && (uid || gid);
  const reason = 'this user namespace does not map every id (/proc/self/uid_map)';
  if (ownershipNotKept === 0) return isConfined ? [`owners were not all compared: ${reason}`] : [];
  // PERF: not where there is nothing to say, for the first number to be written so takes 25 ms.
  const count = ownershipNotKept.toLocaleString('en');
  return [
    `ownership of ${count} entries could not be kept: ${isConfined ? reason : 'only root may give files away'}`,
  ];
}

/** Told once, whatever the number of paths; who is not root is denied things for other reasons. */
function squashNotes({ results, rights, source, destination }: Run): string[] {
  if (!rights.isRoot) return [];
  return [source, destination]
    .filter(({ side, isRemote }) => isRemote && results.denyingSides.has(side))
    .map(({ side }) => squashAdvice(side));
}

function readingNote({ source, destination }: Run): string {
  return `verification read the source ${howRead(source)} and the destination ${howRead(destination)}`;
}

function howRead(location: Location): string {
  return location.isRemote ? 'from the server' : 'through this machine’s cache';
}
