/**
 * `--repair`: what Verifying has found different is prepared, copied and verified once more, in a round of its own over
 * these paths alone. A path counts as repaired if the round has compared it and found no difference.
 */
import { Interrupted } from '../model/run/errors.ts';
import type { ByteString } from '../model/byte-string.ts';
import { readEntry } from '../filesystem/entry-stat.ts';
import { withDirectory } from '../filesystem/open-directory.ts';
import { lastName, parentPath, rootOf } from '../filesystem/root.ts';
import { throwIfStopped } from '../flow/stop-flag.ts';
import { isGone } from '../linux/system-error.ts';
import type { Problem } from '../model/run/problem.ts';
import type { Reporter } from '../model/run/reporter.ts';
import type { VerifiedEntry, Verdict } from '../model/run/verdict.ts';
import { readFingerprints } from '../engine/context/fingerprints.ts';
import { type Run, watchProgress } from '../engine/context/run.ts';
import { lockDirectories } from '../phases/lock-directories.ts';
import { prepare } from '../phases/preparing/preparing.ts';
import { applyPlan } from '../phases/syncing/syncing.ts';
import { verifyCopy } from '../phases/verifying/verifying.ts';
import { nameHash } from '../policy/compare/fingerprint.ts';
import { isTree, MOST_REPAIRS, settingsOfRound } from '../policy/repairs.ts';

/** What became of the paths. */
interface Repaired {
  readonly verdicts: readonly Verdict[];
  /** Of `paths`: those that were compared. */
  readonly compared: ReadonlySet<ByteString>;
  /** Of the others: those that the source still has. */
  readonly inSource: ReadonlySet<ByteString>;
  /** Extraneous ones that the destination still has. */
  readonly atDestination: ReadonlySet<ByteString>;
  readonly hasFailed: (verdict: Verdict) => boolean;
}

const NOT_ALL = `--repair copied only the first ${MOST_REPAIRS} differences again: run it again for the others`;

/** Whatever ends it early, each difference is told. @throws as a run */
export async function repair(run: Run): Promise<void> {
  const tried = run.results.toRepair.splice(0);
  if (tried.length === MOST_REPAIRS) run.results.notes.push(NOT_ALL);
  let repaired: Repaired | undefined;
  try {
    repaired = await runRound(run, tried);
  } finally {
    conclude(run, tried, repaired);
  }
}

async function runRound(run: Run, tried: readonly Verdict[]): Promise<Repaired> {
  const settings = settingsOfRound(run.task.settings, tried, run.counters.totals());
  const seen = new SeenPaths(run, tried);
  return run.again({ settings, reporter: seen.reporter() }, async (round) => {
    try {
      await watchProgress(round, async () => {
        await applyPlan(round, await prepare(round));
        await verifyCopy(round);
      });
    } catch (error) {
      await lockDirectories(round);
      throw error instanceof Interrupted && round.results.fatal !== undefined ? round.results.fatal : error;
    }
    return {
      verdicts: seen.verdicts,
      compared: seen.compared,
      inSource: stillInSource(round, seen.missingOf(tried)),
      atDestination: await stillAtDestination(round, tried),
      hasFailed: (verdict) => round.results.knownFailures.has(verdict),
    };
  });
}

const silent = (): void => undefined;

/** What the round tells: problems and changes are those of the run, verdicts come once it is over. */
class SeenPaths {
  readonly verdicts: Verdict[] = [];
  readonly compared = new Set<ByteString>();
  readonly #run: Run;
  readonly #paths: ReadonlySet<ByteString>;
  readonly #trees: ReadonlySet<ByteString>;

  constructor(run: Run, tried: readonly Verdict[]) {
    this.#run = run;
    this.#paths = new Set(tried.map(({ path }) => path));
    this.#trees = new Set(tried.filter(isTree).map(({ path }) => path));
  }

  missingOf(tried: readonly Verdict[]): Verdict[] {
    return tried.filter(({ path }) => !this.compared.has(path));
  }

  reporter(): Reporter {
    const { reporter } = this.#run;
    return {
      waiting: silent,
      started: silent,
      advised: silent,
      phaseStarted: silent,
      progressed: silent,
      waitsFor: silent,
      phaseEnded: silent,
      skipped: silent,
      linksSplit: silent,
      limitsChanged: silent,
      repaired: silent,
      finished: silent,
      changed: (change) => reporter.changed(change),
      warned: (message) => reporter.warned(message),
      problem: (problem) => this.#tellProblem(problem),
      verdict: (verdict) => void this.verdicts.push(verdict),
      verified: (entry) => this.#note(entry),
    };
  }

  /** Directories that lead to the paths have failed before. */
  #tellProblem(problem: Problem): void {
    const { results, reporter } = this.#run;
    const isKnown = results.problems.some(
      ({ path, side, attempt }) =>
        path === problem.path && side === problem.side && attempt === problem.attempt,
    );
    if (isKnown) return;
    results.addProblem(problem);
    reporter.problem(problem);
  }

  #note(entry: VerifiedEntry): Promise<void> | undefined {
    const { path } = entry;
    const isTried = this.#paths.has(path);
    if (isTried && entry.entry !== undefined) this.compared.add(path);
    const isTold = this.#run.task.settings.listVerified && (isTried || this.#isBelowTree(path));
    return isTold ? this.#run.reporter.verified(entry) : undefined;
  }

  #isBelowTree(path: ByteString): boolean {
    for (let at = parentPath(path); at !== ''; at = parentPath(at)) if (this.#trees.has(at)) return true;
    return false;
  }
}

function stillInSource(round: Run, verdicts: readonly Verdict[]): ReadonlySet<ByteString> {
  const wanted = new Map<ByteString, Map<number, ByteString>>();
  for (const { path } of verdicts) {
    const directory = parentPath(path);
    const names = wanted.get(directory) ?? new Map<number, ByteString>();
    wanted.set(directory, names.set(nameHash(lastName(path)), path));
  }
  const found = new Set<ByteString>();
  if (wanted.size === 0) return found;
  const hashes = new Map(Array.from(wanted, ([path, names]) => [path, new Set(names.keys())]));
  for (const { path, statesByName } of readFingerprints(round.spools.fingerprints, hashes)) {
    for (const hash of statesByName.keys()) found.add(wanted.get(path)?.get(hash) ?? '');
  }
  return found;
}

/** Nothing else proves that one is gone: what Verifying does not look at is no difference. */
async function stillAtDestination(round: Run, tried: readonly Verdict[]): Promise<ReadonlySet<ByteString>> {
  const root = rootOf(round.destination);
  const found = new Set<ByteString>();
  for (const { path } of tried.filter((verdict) => verdict.class === 'extraneous')) {
    throwIfStopped(round);
    try {
      await withDirectory(root, parentPath(path), (directory) => readEntry(directory, lastName(path)));
      found.add(path);
    } catch (error) {
      if (!isGone(error)) found.add(path);
    }
  }
  return found;
}

function conclude(run: Run, tried: readonly Verdict[], repaired: Repaired | undefined): void {
  const { results, reporter } = run;
  const again = new Set((repaired?.verdicts ?? []).map(({ path }) => path));
  const tell = (verdict: Verdict): void => {
    results.addVerdict(verdict);
    reporter.verdict(verdict);
  };
  for (const verdict of tried) {
    if (again.has(verdict.path)) continue;
    const became = repaired === undefined ? verdict : judge(verdict, repaired);
    if (became !== undefined) {
      tell(became);
      continue;
    }
    results.addRepair(verdict);
    reporter.repaired(verdict);
  }
  for (const verdict of repaired?.verdicts ?? []) tell(verdict);
}

/** Undefined: it is equal now. */
function judge(verdict: Verdict, repaired: Repaired): Verdict | undefined {
  if (repaired.hasFailed(verdict)) return verdict;
  if (verdict.class === 'extraneous') {
    return repaired.atDestination.has(verdict.path) ? verdict : undefined;
  }
  if (repaired.compared.has(verdict.path)) return undefined;
  if (repaired.inSource.has(verdict.path)) return verdict;
  return { ...verdict, class: 'source vanished', detail: 'gone from the source' };
}
