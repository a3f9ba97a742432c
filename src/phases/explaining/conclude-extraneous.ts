/** What is decided about a name that the destination has, and the source has not, or leaves out. */
import { isDirectory } from '../../model/entry.ts';
import type { Reason } from '../../model/run/explanation.ts';
import { isOwnDirectoryName, isOwnName } from '../../policy/names/temporary-name.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import type { OpenSide } from '../../engine/march/open-side.ts';
import { includesName } from '../../engine/march/sorted-names.ts';
import { tagOf } from '../../engine/march/tagged-directories.ts';
import type { Sides } from '../../engine/march/visitor.ts';
import {
  type AskedName,
  type Conclusion,
  deletion,
  failedReasons,
  sparedReason,
  unlistedReason,
} from './conclusion.ts';
import type { Seen } from './look.ts';

/** In a directory that stays. */
export async function concludeThere(
  context: WorkerContext,
  seen: Seen,
  { sides, asked }: { readonly sides: Sides; readonly asked: AskedName },
): Promise<Conclusion> {
  const { at, name, task } = asked;
  const { settings, selection } = context;
  if (seen.destination === undefined) return { decision: 'leave out', reasons: [] };
  if (!asked.isHidden && (isOwnName(name) || isOwnDirectoryName(name))) {
    const isKept = !seen.isLeftover;
    return { decision: isKept ? 'keep' : 'delete', reasons: [{ at, why: 'leftover', isKept }] };
  }
  if (seen.child !== undefined) return { decision: 'delete', reasons: [], next: seen.child };
  if (seen.findings.deletions.includes(at)) return deletion(context, asked);
  if (!settings.delete) return keep({ at, why: 'no delete' });
  const { destination, source } = sides;
  const rule = destination?.filter?.ruleFor(at, isDirectory(seen.destination));
  if (rule?.action === 'exclude') return keep({ at, why: 'rule', effect: 'protects', rule });
  if (source.listing.incomplete !== undefined) return keep({ at: task.path, why: 'incomplete' });
  if (destination?.isOutside === true) return keep({ at: task.path, why: 'mounted' });
  if (sides.keepsExtraneous) return keep({ at: task.path, why: 'incomplete' });
  if (selection !== undefined && !selection.isWhole(task.path)) return keep(unlistedReason(at, settings));
  return keep(await tagOrMount(context, seen, asked));
}

function keep(...reasons: Reason[]): Conclusion {
  return { decision: 'keep', reasons };
}

/** In a directory that goes. */
export async function concludeExtraneousName(
  context: WorkerContext,
  seen: Seen,
  asked: AskedName,
): Promise<Conclusion> {
  const { at, name, task } = asked;
  const failed = failedReasons(task.path, seen.findings.problems);
  const { extraneous: directory } = seen;
  if (directory === undefined)
    return { decision: failed.length > 0 ? 'unknown' : 'missing', reasons: failed };
  const stay = reasonToStay(context, directory, asked);
  if (stay !== undefined) return { decision: 'keep', reasons: [stay] };
  if (seen.child !== undefined) return { decision: 'delete', reasons: [], next: seen.child };
  if (seen.findings.deletions.includes(at)) return deletion(context, asked);
  if (seen.destination === undefined)
    return { decision: failed.length > 0 ? 'unknown' : 'missing', reasons: failed };
  if (directory.listing.incomplete !== undefined) return { decision: 'keep', reasons: failed };
  const rule = directory.filter?.ruleFor(at, includesName(directory.listing.directories, name), true);
  if (rule?.action === 'exclude') {
    return { decision: 'keep', reasons: [{ at, why: 'rule', effect: 'protects', rule }] };
  }
  return { decision: 'keep', reasons: [await tagOrMount(context, seen, asked)] };
}

function reasonToStay(
  context: WorkerContext,
  directory: OpenSide,
  { at, name, task }: AskedName,
): Reason | undefined {
  if (directory.spared.isWhole) return sparedReason(task.path, context.spared);
  if (includesName(directory.spared.names, name)) return sparedReason(at, context.spared);
  return directory.isMountPoint || directory.isOutside ? { at: task.path, why: 'mounted' } : undefined;
}

async function tagOrMount(context: WorkerContext, seen: Seen, { at }: AskedName): Promise<Reason> {
  const isOfDirectory = seen.destination !== undefined && isDirectory(seen.destination);
  const tag = isOfDirectory
    ? await tagOf(context, 'destination', { path: at, freshness: 'cached' })
    : undefined;
  return tag === undefined ? { at, why: 'mounted' } : { at, why: 'tag', side: 'destination', name: tag };
}
