/** Makes the report of a run that has ended. */
import type { FatalError } from '../model/run/errors.ts';
import type { InterruptionReason } from '../model/run/outcome.ts';
import { Difference } from '../model/change.ts';
import { displayName } from '../model/display-name.ts';
import { fileSystemOf } from '../model/file-systems.ts';
import type { PhaseTime, Report } from '../model/run/report.ts';
import type { Provenance } from '../model/run/provenance.ts';
import type { Settings } from '../model/settings.ts';
import type { Tally } from '../model/tally.ts';
import { describeSpared } from '../policy/spared-paths.ts';
import { countOf } from '../policy/compare/judge.ts';
import { coverageOf } from '../policy/assess-coverage.ts';
import { outcomeOfError, outcomeOfRun } from '../policy/decide-outcome.ts';
import { squashAdvice } from '../policy/judge-failure.ts';
import { SETTLE_MS } from '../policy/compare/fingerprint.ts';
import type { Run } from '../engine/context/run.ts';

export interface Conclusion {
  readonly command: Report['command'];
  readonly provenance: Provenance;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly phases: readonly PhaseTime[];
  /** Why it stopped before it was done. */
  readonly interruption?: InterruptionReason | undefined;
  /** The error that ended the run early. */
  readonly error?: FatalError;
}

export function conclude(run: Run, conclusion: Conclusion): Report {
  const { command, provenance, startedAt, elapsedMs, phases, interruption, error } = conclusion;
  const { results, task } = run;
  const tally: Tally = run.counters.totals();
  const { problemCounts, verdictCounts, deleteLimitReached } = results;
  const hasVerified = interruption === undefined && phases.some(({ phase }) => phase === 'verifying');
  const { settings } = task;
  const isComplete = interruption === undefined && error === undefined;
  const found = { tally, problemCounts, verdictCounts, deleteLimitReached };
  return {
    ...found,
    task,
    command,
    outcome: error === undefined ? outcomeOfRun(found, interruption) : outcomeOfError(error),
    provenance,
    coverage: coverageOf({ command, tally, settings, hasVerified, mapped: run.rights.mapped }),
    startedAt,
    elapsedMs,
    phases,
    problems: results.problems,
    verdicts: results.verdicts,
    missingBelow: results.missingBelow,
    notes: [...results.notes, ...notesOn(run, tally)],
    ...(command === 'prepare' && task.settings.listChanges && { changes: results.changes.list() }),
    ...(isComplete &&
      settings.countRuleMatches && { filterRules: results.ruleMatches.list(countsEachOnce(settings)) }),
    ...(results.repairs.length > 0 && { repairs: results.repairs, repairCounts: results.repairCounts }),
    ...(run.statistics && { statistics: run.statistics.conclude() }),
  };
}

/** Paths of a list, and what is below directories that may be empty, is asked about elsewhere as well. */
function countsEachOnce({ filesFrom, onlyBelow, onlyName, pruneEmptyDirectories }: Settings): boolean {
  return (filesFrom ?? onlyBelow ?? onlyName) === undefined && !pruneEmptyDirectories;
}

function notesOn(run: Run, tally: Tally): string[] {
  const notes: string[] = [];
  const { creation, path } = run.destination;
  if (creation === 'done') notes.push(`created directory ${displayName(path)}`);
  if (creation === 'planned') notes.push(`directory ${displayName(path)} would be created`);
  if (isEmptyList(run.task.settings)) notes.push(EMPTY_LIST);
  if (run.results.deleteLimitReached) {
    const count = tally.entriesToDelete.toLocaleString('en');
    const nothing = run.task.settings.dryRun ? 'nothing would be deleted' : 'nothing was deleted';
    notes.push(
      `${nothing}: deleting ${count} of ${tally.destinationEntries.toLocaleString('en')} entries would exceed --max-delete`,
    );
  }
  notes.push(...ownershipNotes(run, tally));
  if (tally.directoriesOfOthers > 0) {
    notes.push(
      `permissions and times of ${countOf(tally.directoriesOfOthers, 'directory', 'directories')} could not be set: only the owner of a directory may set them`,
    );
  }
  if (tally.entriesOfOthers > 0) {
    notes.push(
      `owner or times of ${countOf(tally.entriesOfOthers, 'entry', 'entries')} could not be set: only the owner of an entry may set them`,
    );
  }
  if (tally.timesNotKept > 0) {
    notes.push(
      `the destination cannot store ${countOf(tally.timesNotKept, 'modification time', 'modification times')}: such files are compared by content instead`,
    );
  }
  if (tally.linkGroupsSplit > 0) {
    notes.push(
      `the destination stores ${countOf(tally.linkGroupsSplit, 'group', 'groups')} of hard links as several files with the same content`,
    );
  }
  if (hidesFromQuickCheck(run)) notes.push(HIDDEN_DIFFERENCES);
  if (tally.otherSpellings > 0) {
    notes.push(
      `the destination spells ${countOf(tally.otherSpellings, 'name', 'names')} differently from the source (case, Unicode form, trailing dots and spaces); the entries were compared all the same`,
    );
  }
  if (run.results.repairs.length > 0) notes.push(ALTERED);
  notes.push(...describeSpared([...run.results.spared.values()]));
  notes.push(...unsettledNotes(run));
  notes.push(...squashNotes(run));
  return notes;
}

const EMPTY_LIST = 'the --files-from list names no paths: nothing was compared';

/** `starts` has one entry more than there are paths. */
function isEmptyList({ filesFrom }: Settings): boolean {
  return filesFrom?.starts.length === 1;
}

const ALTERED =
  'somebody changed the repaired paths at the destination, or a disk, a network or memory altered them: if it happens again, do not rely on this copy';

const HIDDEN_DIFFERENCES =
  'some files differ only in content, which a quick check of size and mtime cannot see: run once with --checksum or --repair';

function hidesFromQuickCheck({ results, task }: Run): boolean {
  const seen = Difference.size | Difference.mtime;
  return (
    !task.settings.checksum &&
    results.verdicts.some((one) => one.class === 'content mismatch' && (one.differences & seen) === 0)
  );
}

/** Owners that a user namespace does not map all look the same: not even a comparison tells them apart. */
function ownershipNotes({ rights, task }: Run, { ownershipNotKept, ownershipUnverified }: Tally): string[] {
  const { uid, gid } = task.settings.preserve;
  const isConfined = rights.isRoot && rights.mapped !== undefined && (uid || gid);
  const unmapped = 'this user namespace does not map every id (/proc/self/uid_map)';
  const reason = isConfined ? unmapped : 'only root may give files away';
  if (ownershipNotKept > 0) return [`${ownershipOf(ownershipNotKept)} could not be kept: ${reason}`];
  if (ownershipUnverified > 0) {
    return [
      `${ownershipOf(ownershipUnverified)} differs from the source, which does not count as a difference: ${reason}`,
    ];
  }
  return isConfined ? [`not all owners were compared: ${reason}`] : [];
}

/** PERF: called only if there is something to report: formatting the first number takes 25 ms. */
function ownershipOf(count: number): string {
  return `ownership of ${countOf(count, 'entry', 'entries')}`;
}

/** During one long write, all timestamps may be set before its last bytes arrive. */
function unsettledNotes({ results: { unsettled } }: Run): string[] {
  if (unsettled.length === 0) return [];
  return [
    `${countOf(unsettled.length, 'file', 'files')} changed less than ${SETTLE_MS / 1000} s before being copied: the timestamps were checked again, but only a verification can detect a write that was still in progress`,
  ];
}

/** Reported once, for any number of paths. Only for root: others are denied for other reasons. */
function squashNotes({ results, rights, source, destination }: Run): string[] {
  if (!rights.isRoot) return [];
  return [source, destination]
    .filter(({ side, mount }) => fileSystemOf(mount).mayDenyRoot && results.denyingSides.has(side))
    .map(({ side }) => squashAdvice(side));
}
