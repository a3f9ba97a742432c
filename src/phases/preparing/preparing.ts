/** Preparing: walks both trees over the workers and gathers the plan. Writes nothing at the destination. */
import type { ByteString } from '../../model/byte-string.ts';
import { linkLimitOf } from '../../policy/file-systems/destination-limits.ts';
import { guardEmptySource, isDeleteLimitReached } from '../../policy/guard.ts';
import { Plan } from '../../engine/plan/plan.ts';
import { guardUnchangedRoots } from '../../engine/roots/guard-roots.ts';
import { tellChange, type Run, runUnit } from '../../engine/context/run.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import { compareInRanges } from '../../engine/compare/compare-in-ranges.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import { walkTrees } from '../../engine/messages/walk.ts';
import { resolveLinks } from '../resolve-links.ts';
import { trackRenames } from './track-renames.ts';
import { DELETING } from '../../policy/compare/itemize.ts';
import type { Findings } from '../../engine/messages/findings.ts';

/** @throws FatalError where a root was lost, LocationError where the source is suspiciously empty */
export async function prepare(run: Run): Promise<Plan> {
  const plan = new Plan(run.spools.plan);
  const deletions = new Deletions();
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'prepare', ...unit }, ({ records }) => plan.take(records)),
    take: (result) => {
      plan.take(result.records);
      deletions.take(result.findings);
      return result.largeFiles.map((file) => () => planLargeFile(run, plan, file));
    },
  });
  throwIfStopped(run);
  await guardUnchangedRoots(run);
  const moved = run.task.settings.trackRenames ? await trackRenames(run, plan) : new Set<ByteString>();
  deletions.count(run);
  const { settings } = run.task;
  // A round that repairs sees only part of the source; the round before it has seen all.
  if (settings.delete && settings.repairs === undefined) guardEmptySource(run.counters.totals(), run.task);
  deletions.list(run, moved);
  resolveLinks(run, plan, { limit: linkLimitOf(run.destination.mount), isReason: true });
  return plan;
}

/** `--checksum` */
async function planLargeFile(run: Run, plan: Plan, file: LargeFile): Promise<void> {
  await compareInRanges(run, file, {
    counts: false,
    finish: async ({ content }) => {
      const { records } = await runUnit(run, { unit: 'planFile', file, content });
      plan.take(records);
    },
  });
}

/** The planned deletions: what stays is taken from their count, and is not listed. */
class Deletions {
  /** Only of a dry run: others list a deletion once it is done. */
  readonly #listed: string[] = [];
  /** A directory stays if anything in it does: the walk tells of each such thing. */
  readonly #kept = new Set<string>();

  take({ deletions, kept }: Findings): void {
    for (const path of deletions) this.#listed.push(path);
    for (const path of kept) this.#kept.add(path);
  }

  /** The limit is checked against all planned deletions, before the first one. */
  count({ counters, results, task }: Run): void {
    counters.add('entriesToDelete', -this.#kept.size);
    const { entriesToDelete: deletions, destinationEntries } = counters.totals();
    const limit = task.settings.deleteLimit;
    results.deleteLimitReached = isDeleteLimitReached(limit, { deletions, destinationEntries });
  }

  list(run: Run, moved: ReadonlySet<ByteString>): void {
    if (run.results.deleteLimitReached) return;
    for (const path of this.#listed) {
      if (moved.has(path)) continue;
      const stays = path.endsWith('/') && this.#kept.has(path.slice(0, -1));
      if (!stays) tellChange(run, { itemized: DELETING, path, sizeBytes: 0 });
    }
  }
}
