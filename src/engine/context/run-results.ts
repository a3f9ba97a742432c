/** What a run came to so far: the content of the report. Lists are bounded, counts are not. */
import type { ByteString } from '../../model/byte-string.ts';
import type { FatalError, LocationError } from '../../model/run/errors.ts';
import {
  NOTHING_BELOW,
  sumOfBelow,
  VERDICT_CLASSES,
  type Verdict,
  type VerdictClass,
} from '../../model/run/verdict.ts';
import type { ListedChange } from '../../model/change.ts';
import { REPORT_LIST_LIMIT } from '../../model/run/report.ts';
import { type Problem, accountsFor } from '../../model/run/problem.ts';
import type { SparedPath } from '../../model/run/run-file.ts';
import type { Side } from '../../model/task.ts';
import { isDenial } from '../../policy/judge-failure.ts';
import { RuleMatches } from '../../policy/filter/rule-matches.ts';
import type { UnsettledFile } from '../messages/findings.ts';
import { parentPath } from '../../filesystem/root.ts';

/** Bounded: beyond this a failed path may be reported, or counted, a second time. */
const PATHS_LIMIT = 100_000;

export class RunResults {
  readonly problems: Problem[] = [];
  readonly problemCounts: Record<Problem['class'], number> = { failed: 0, vanished: 0, changed: 0 };
  readonly verdicts: Verdict[] = [];
  /** `--repair`: what is copied again before it counts. */
  readonly toRepair: Verdict[] = [];
  readonly repairs: Verdict[] = [];
  readonly repairCounts: Partial<Record<VerdictClass, number>> = {};
  readonly notes: string[] = [];
  /** The sum over all missing directories. */
  missingBelow = NOTHING_BELOW;
  deleteLimitReached = false;
  /** The error that ends the run: a unit that it stopped may report its own end first. */
  fatal: FatalError | LocationError | undefined;
  /** False: nothing has been changed yet. */
  hasBegunWriting = false;
  /** Sides that denied this process something. */
  readonly denyingSides = new Set<Side>();

  readonly ruleMatches = new RuleMatches();
  /** Only in a dry run. */
  readonly changes = new FirstChanges();

  readonly knownFailures = new KnownFailures();
  /** Source directories whose names the destination treats as another directory's. */
  readonly takenDirectories: string[] = [];
  /** Directories that were to be made but existed already, as device:inode. */
  readonly foundThere: string[] = [];
  /** Destination directories that were made accessible, with their original permissions. */
  readonly unlocked = new Map<string, number>();
  /** Only files changed within seconds before their copy, so it stays small. */
  readonly unsettled: UnsettledFile[] = [];
  /** Groups of hard links known to be several files at the destination, by the source's inode. */
  readonly splitGroups = new Set<string>();
  /** `--size-only`: hard-linked names of files that are not written, as `leftKey`. */
  readonly leftLinks = new Set<bigint>();

  /** By side and path, as both Preparing and Verifying meet them. */
  readonly spared = new Map<string, SparedPath>();

  readonly #counted = new Set<string>();
  readonly #verdictCounts = new Map<VerdictClass, number>();

  /** Only the classes that were found. */
  get verdictCounts(): Partial<Record<VerdictClass, number>> {
    const found = VERDICT_CLASSES.filter((name) => this.#verdictCounts.has(name));
    return Object.fromEntries(found.map((name) => [name, this.#verdictCounts.get(name)]));
  }

  addProblem(problem: Problem): void {
    this.knownFailures.add(problem);
    if (this.#isFirst(`${problem.class}:${problem.path}`)) this.problemCounts[problem.class]++;
    this.#noteDenial(problem);
    if (this.problems.length < REPORT_LIST_LIMIT) this.problems.push(problem);
  }

  /** Counts paths, not problems or verdicts: one path may fail on both sides. */
  #isFirst(whatFailed: string): boolean {
    if (this.#counted.has(whatFailed)) return false;
    if (this.#counted.size < PATHS_LIMIT) this.#counted.add(whatFailed);
    return true;
  }

  addVerdict(verdict: Verdict): void {
    if (verdict.failure !== undefined) this.#noteDenial(verdict.failure);
    if (this.#isFirst(`${verdict.class}:${verdict.path}`)) {
      this.#verdictCounts.set(verdict.class, (this.#verdictCounts.get(verdict.class) ?? 0) + 1);
      if (verdict.below !== undefined) this.missingBelow = sumOfBelow(this.missingBelow, verdict.below);
    }
    if (this.verdicts.length < REPORT_LIST_LIMIT) this.verdicts.push(verdict);
  }

  /** Of a path that is equal by now. */
  addRepair(verdict: Verdict): void {
    this.repairCounts[verdict.class] = (this.repairCounts[verdict.class] ?? 0) + 1;
    if (this.repairs.length < REPORT_LIST_LIMIT) this.repairs.push(verdict);
  }

  addSpared(spared: SparedPath): void {
    if (this.spared.size < PATHS_LIMIT) this.spared.set(`${spared.side}:${spared.path}`, spared);
  }

  #noteDenial({ side, code }: { side: Side; code: string }): void {
    if (isDenial(code)) this.denyingSides.add(side);
  }
}

/** Which differences a reported problem explains, so that one failure is not reported twice. */
export class KnownFailures {
  readonly #paths = { subtree: new Set<string>(), entry: new Set<string>(), metadata: new Set<string>() };

  add({ attempt, path }: Problem): void {
    const paths = this.#paths[accountsFor(attempt)];
    if (paths.size < PATHS_LIMIT) paths.add(path);
  }

  has({ class: verdictClass, path }: Pick<Verdict, 'class' | 'path'>): boolean {
    if (this.#paths.entry.has(path)) return true;
    if (this.#paths.metadata.has(path) && verdictClass === 'metadata differs') return true;
    return this.#isBelowFailure(path);
  }

  /**
   * True also for a call that found its destination directory missing, if making or opening that directory
   * failed.
   */
  explains({ phase, side, code, path }: Problem): boolean {
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return isMissing && phase === 'syncing' && side === 'destination' && this.#isBelowFailure(path);
  }

  #isBelowFailure(path: ByteString): boolean {
    const { subtree } = this.#paths;
    if (subtree.size === 0) return false;
    for (let at = path; at !== ''; at = parentPath(at)) if (subtree.has(at)) return true;
    return subtree.has('');
  }
}

const MOST_LISTED = 100;

/** The changes that a dry run's report shows, deletions first: a bounded number. */
class FirstChanges {
  readonly #deletions: ListedChange[] = [];
  readonly #others: ListedChange[] = [];

  add(change: ListedChange): void {
    const list = change.itemized.startsWith('*deleting') ? this.#deletions : this.#others;
    if (list.length < MOST_LISTED) list.push(change);
  }

  list(): ListedChange[] {
    return [...this.#deletions.toSorted(byPath), ...this.#others.toSorted(byPath)].slice(0, MOST_LISTED);
  }
}

function byPath({ path: one }: ListedChange, { path: other }: ListedChange): number {
  return one < other ? -1 : Number(one > other);
}
