/** What a look says of a path, and the reasons that several kinds of it share. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Decision, Reason } from '../../model/run/explanation.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { SparedPath } from '../../model/run/run-file.ts';
import type { Settings } from '../../model/settings.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';

export interface Conclusion {
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
  /** It leads on: the decision is made further below. */
  readonly next?: DirectoryTask;
}

/** A name in the directory of a task. */
export interface AskedName {
  readonly task: DirectoryTask;
  readonly name: ByteString;
  /** The path of the name, and that which it leads to. */
  readonly at: ByteString;
  readonly path: ByteString;
  /** The source has it, or a directory above it, and leaves it out. */
  readonly isHidden: boolean;
}

export function sparedReason(at: ByteString, spared: readonly SparedPath[]): Reason {
  const found = spared.find(({ path }) => path === at);
  const { side, what, partOf } = found ?? {
    side: 'destination' as const,
    what: undefined,
    partOf: undefined,
  };
  return { at, why: 'spared', side, what, ...(partOf !== undefined && { partOf }) };
}

export function unlistedReason(at: ByteString, { onlyBelow, onlyName }: Settings): Reason {
  const by = onlyName !== undefined ? 'file' : onlyBelow === undefined ? 'files-from' : 'relative';
  return { at, why: 'unlisted', by };
}

export function failedReasons(at: ByteString, problems: readonly Problem[]): Reason[] {
  return problems
    .filter(({ path }) => path === at)
    .map(({ side, code, reason }) => ({ at, why: 'failed', side, code, reason }));
}

/** Of what is to be deleted. */
export function deletion(
  { settings: { deleteLimit } }: Pick<WorkerContext, 'settings'>,
  { at, task: { makesWay }, isHidden }: Pick<AskedName, 'at' | 'task' | 'isHidden'>,
): Conclusion {
  const by = makesWay ? 'way' : isHidden ? 'delete-excluded' : 'delete';
  const limited: Reason[] =
    deleteLimit === undefined ? [] : [{ at, why: 'delete limit', limit: deleteLimit }];
  return { decision: 'delete', reasons: [{ at, why: 'delete', by }, ...limited] };
}
