/** What is decided about a name in a directory that both sides or the source have: of the source's entry, first. */
import { Difference } from '../../model/change.ts';
import { isDirectory, isFile, isSymlink } from '../../model/entry.ts';
import type { Decision, Reason } from '../../model/run/explanation.ts';
import { isWrittenAnyway } from '../../policy/compare/compare.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { includesName, listsName } from '../../engine/march/sorted-names.ts';
import { tagOf } from '../../engine/march/tagged-directories.ts';
import type { Sides } from '../../engine/march/visitor.ts';
import { concludeExtraneousName, concludeThere } from './conclude-extraneous.ts';
import {
  type AskedName,
  type Conclusion,
  failedReasons,
  sparedReason,
  unlistedReason,
} from './conclusion.ts';
import type { Seen } from './look.ts';

export async function concludeName(
  context: WorkerContext,
  seen: Seen,
  asked: AskedName,
): Promise<Conclusion> {
  const { task, at, name } = asked;
  if (task.sides === 'destination') return concludeExtraneousName(context, seen, asked);
  const { sides } = seen;
  if (sides === undefined) return concludeUnseen(context, seen, asked);
  const { selection, settings } = context;
  if ([sides.source, sides.destination].some((side) => side && includesName(side.spared.names, name))) {
    const reasons = [sparedReason(at, context.spared)];
    return { decision: seen.source === undefined ? 'keep' : 'leave out', reasons };
  }
  if (
    selection !== undefined &&
    !selection.isWhole(task.path) &&
    !selection.childrenOf(task.path).includes(name)
  ) {
    return { decision: decisionOfLeft(seen), reasons: [unlistedReason(at, settings)] };
  }
  if (!listsName(sides.source.listing, name)) return concludeUnlisted(context, seen, { sides, asked });
  if (seen.taking !== undefined && listsName(seen.taking.source.listing, name)) {
    return concludeTaking(context, seen, { sides, asked });
  }
  const hidden = await reasonsOfHiding(context, seen, { sides, asked });
  return withDestination(context, seen, { sides, asked: { ...asked, isHidden: true }, hidden });
}

interface Listed {
  readonly sides: Sides;
  readonly asked: AskedName;
}

function decisionOfLeft({ source, destination }: Seen): Decision {
  if (source !== undefined) return 'leave out';
  return destination === undefined ? 'missing' : 'keep';
}

/** The directory could not be opened, or takes no part. */
function concludeUnseen(context: WorkerContext, seen: Seen, { task, path }: AskedName): Conclusion {
  const failed = failedReasons(task.path, seen.findings.problems);
  if (failed.length > 0) return { decision: 'unknown', reasons: failed };
  if (seen.cause === 'outside') {
    return { decision: 'leave out', reasons: [{ at: task.path, why: 'option', cause: seen.cause }] };
  }
  if (path === '') return { decision: 'unknown', reasons: [] };
  return { decision: 'leave out', reasons: [sparedReason(task.path, context.spared)] };
}

/** The source's listing does not have it. */
async function concludeUnlisted(
  context: WorkerContext,
  seen: Seen,
  { sides, asked }: Listed,
): Promise<Conclusion> {
  const { task } = asked;
  if (sides.source.isOutside) {
    return { decision: 'leave out', reasons: [{ at: task.path, why: 'option', cause: 'outside' }] };
  }
  const failed = failedReasons(task.path, seen.findings.problems);
  if (seen.destination === undefined) {
    return { decision: failed.length > 0 ? 'unknown' : 'missing', reasons: failed };
  }
  const hidden: Reason[] =
    sides.source.listing.incomplete === undefined ? [{ at: asked.at, why: 'not in source' }] : failed;
  return withDestination(context, seen, { sides, asked, hidden });
}

/** What becomes of what the destination has under a name that the source has not, or leaves out. */
async function withDestination(
  context: WorkerContext,
  seen: Seen,
  { sides, asked, hidden }: Listed & { readonly hidden: readonly Reason[] },
): Promise<Conclusion> {
  const there = await concludeThere(context, seen, { sides, asked });
  const isLeft = asked.isHidden && there.decision !== 'delete';
  return {
    ...there,
    decision: isLeft ? 'leave out' : there.decision,
    reasons: [...hidden, ...there.reasons],
  };
}

async function reasonsOfHiding(
  context: WorkerContext,
  seen: Seen,
  { sides, asked }: Listed,
): Promise<Reason[]> {
  const { at, name } = asked;
  const { source } = sides;
  if (seen.taking === undefined) return [unlistedReason(at, context.settings)];
  const rule = source.filter?.ruleFor(at, includesName(source.listing.directories, name));
  if (rule?.action === 'exclude') return [{ at, why: 'rule', effect: 'hides', rule }];
  if (includesName(seen.taking.source.tagged ?? [], name)) {
    const tag = (await tagOf(context, 'source', { path: at, freshness: 'cached' })) ?? '';
    return [{ at, why: 'tag', side: 'source', name: tag }];
  }
  if (seen.takenFor !== undefined) return [{ at, why: 'taken', takenFor: seen.takenFor }];
  return [{ at, why: 'option', cause: 'empty' }];
}

async function concludeTaking(context: WorkerContext, seen: Seen, listed: Listed): Promise<Conclusion> {
  const { at, name, path } = listed.asked;
  const { source, filter } = { ...listed.sides, filter: listed.sides.source.filter };
  const rule = filter?.ruleFor(at, includesName(source.listing.directories, name));
  const shown: Reason[] =
    at === path && rule?.action === 'include' ? [{ at, why: 'rule', effect: 'shows', rule }] : [];
  const { planned, child } = seen;
  if (seen.cause !== undefined && seen.cause !== 'excluded' && seen.cause !== 'sameSize') {
    return { decision: 'leave out', reasons: [...shown, { at, why: 'option', cause: seen.cause }] };
  }
  if (child !== undefined && (planned === undefined || at !== path)) {
    return { decision: 'none', reasons: shown, next: child };
  }
  const failed = failedReasons(at, seen.findings.problems);
  if (planned === undefined && failed.length > 0) return { decision: 'unknown', reasons: failed };
  if (at !== path) return concludeBelowNoDirectory(seen, listed.asked);
  return concludeCompared(context, seen, at, shown);
}

/** The path goes on below something that is no directory in the source. */
function concludeBelowNoDirectory({ source, destination }: Seen, { at }: AskedName): Conclusion {
  const isLink = source !== undefined && isSymlink(source);
  const reasons: Reason[] = [{ at, why: 'no directory', side: 'source', isLink }];
  if (destination === undefined || !isDirectory(destination)) return { decision: 'missing', reasons };
  return { decision: 'keep', reasons: [...reasons, { at, why: 'no delete' }] };
}

function concludeCompared(
  { settings }: WorkerContext,
  seen: Seen,
  at: string,
  shown: readonly Reason[],
): Conclusion {
  const { planned, source } = seen;
  const there = seen.destination && !isDirectory(seen.destination) ? seen.destination : undefined;
  const count = Math.max(source?.linkCount ?? 1, there?.linkCount ?? 1);
  const linked: Reason[] = count > 1 ? [{ at, why: 'hard links', count }] : [];
  const ofSize: Reason[] = seen.cause === 'sameSize' ? [{ at, why: 'option', cause: seen.cause }] : [];
  if (planned === undefined || (planned.action === 'adjust' && planned.differences === 0)) {
    const by = settings.checksum ? 'content' : settings.sizeOnly ? 'size' : 'quick check';
    const how = source !== undefined && isFile(source) ? by : 'metadata';
    return { decision: 'none', reasons: [...shown, { at, why: 'same', by: how }, ...ofSize, ...linked] };
  }
  const { action, differences } = planned;
  const isNew = (differences & Difference.missing) !== 0;
  const decision = action === 'adjust' ? 'adjust' : isNew ? 'copy' : 'copy again';
  const found: Reason =
    differences === 0 && isWrittenAnyway(planned.source, settings)
      ? { at, why: 'ignore times' }
      : { at, why: 'differences', differences };
  // As `makeWay` in plan-entry.ts has it.
  const isInTheWay = seen.destination !== undefined && isDirectory(seen.destination);
  const blocked: Reason[] =
    isInTheWay && !settings.delete && !settings.force ? [{ at, why: 'in the way' }] : [];
  return { decision, reasons: [...shown, found, ...blocked, ...ofSize, ...linked] };
}
