/** Gives an open destination entry its source's metadata, and reports what could not be set. */
import {
  applyMetadata,
  applyTimes,
  type AttributesToWrite,
  type MetadataFailure,
  type MetadataTarget,
} from '../../../filesystem/metadata/apply-metadata.ts';
import {
  type AttributeTarget,
  isPrivileged,
  readExtendedAttributes,
} from '../../../filesystem/metadata/extended-attributes.ts';
import { readOpenEntry } from '../../../filesystem/entry-stat.ts';
import { SystemError } from '../../../linux/system-error.ts';
import type { Entry, WantedMetadata } from '../../../model/entry.ts';
import { isDenial } from '../../../policy/judge-failure.ts';
import { isOthers, losesOwner, wantedMetadata } from '../../../policy/compare/ownership.ts';
import { takeRights } from '../../../filesystem/metadata/set-mode.ts';
import { atSide } from '../../../engine/march/both-sides.ts';
import { willTryAgain } from '../../../engine/context/retrying.ts';
import type { WorkerContext } from '../../../engine/context/worker-context.ts';
import { addProblem, type ApplyingScope } from '../scope/applying-scope.ts';

export interface MetadataWork {
  readonly target: MetadataTarget;
  /** The source's metadata, and the destination's current metadata. */
  readonly source: Entry;
  readonly actual: Entry;
  /** Without --preserve=mode: the permissions that a new file takes over from the one it replaces. */
  readonly keptMode?: number | undefined;
  /** Without --preserve=mode: permissions that this run gave itself when it made the entry. */
  readonly givenMode?: number | undefined;
  /** The open source of extended attributes, if they are to be preserved. */
  readonly attributeSource: AttributeTarget | undefined;
  /** False: others may have written its content, so it gets no set-id bits or capabilities. */
  readonly isOurs: boolean;
}

/** @throws SystemError */
export async function finishMetadata(scope: ApplyingScope, work: MetadataWork): Promise<void> {
  const { context } = scope;
  const owner = context.rule.wantedOwner(work.source);
  const fromSource = wantedMetadata(work.source, context.settings, owner);
  const wanted = work.keptMode === undefined ? fromSource : { ...fromSource, mode: work.keptMode };
  const attributes = keepsAttributes(scope) ? await attributesToWrite(scope, work) : undefined;
  const actual = await actualBefore(work, attributes);
  const mayKeep = isOthers(actual, context.setup.rights, context.settings);
  const failures = await applyMetadata(work.target, actual, wanted, attributes);
  const areTimesKept = await tryTimes(work.target, { actual, wanted, mayKeep });
  // Only the permissions that this run gave itself are removed; those from umask and default ACL stay.
  const { givenMode = 0 } = work;
  if (wanted.mode === undefined && givenMode !== 0) {
    await takeRights(work.target, givenMode & ~work.source.mode);
  }
  const passing = failures.find(({ error }) => willTryAgain(context, error, scope.tries));
  if (passing !== undefined) throw passing.error;
  const kept = mayKeep ? failures.filter(isOwnerDenied) : [];
  // Otherwise Verifying counts them, with those that changed later.
  if ((areTimesKept || kept.length > 0) && context.settings.verify === 'none') {
    context.counters.add('entriesOfOthers', 1);
  }
  for (const { error, ...failure } of failures.filter((each) => !kept.includes(each))) {
    await addProblem(scope, error, { side: 'destination', path: work.target.path, ...failure });
  }
}

function isOwnerDenied({ attempt, error }: MetadataFailure): boolean {
  return attempt === 'set owner' && isDenial(error.code);
}

interface Times {
  readonly actual: Entry;
  readonly wanted: WantedMetadata;
  /** It belongs to another user, who alone may set its times. */
  readonly mayKeep: boolean;
}

/** True: the entry keeps its own. @throws SystemError */
async function tryTimes(target: MetadataTarget, { actual, wanted, mayKeep }: Times): Promise<boolean> {
  try {
    await applyTimes(target, actual, wanted);
    return false;
  } catch (error) {
    if (mayKeep && error instanceof SystemError && isDenial(error.code)) return true;
    throw error;
  }
}

/** Reads the entry again before granting rights, without trusting cached metadata (write-file.ts). */
async function actualBefore(work: MetadataWork, attributes: AttributesToWrite | undefined): Promise<Entry> {
  const grants = attributes !== undefined && Array.from(attributes.wanted.keys()).some(isPrivileged);
  return grants ? readOpenEntry(work.target) : work.actual;
}

/** Call it once for each entry whose metadata was set. */
export function countOwner(
  { counters, settings, rule }: Pick<WorkerContext, 'counters' | 'settings' | 'rule'>,
  source: Entry,
): void {
  if (losesOwner(rule.wantedOwner(source), settings.preserve)) counters.add('ownershipNotKept', 1);
}

/** Whether to open a source that is not open yet, for its extended attributes. */
export function keepsAttributes({ context }: ApplyingScope): boolean {
  const { xattr, acl } = context.settings.preserve;
  return xattr || acl;
}

async function attributesToWrite(
  { context }: ApplyingScope,
  { target, attributeSource, isOurs }: MetadataWork,
): Promise<AttributesToWrite | undefined> {
  if (attributeSource === undefined) return undefined;
  const { xattr, acl } = context.settings.preserve;
  const choice = { xattr, acl, mayGrant: isOurs };
  const wanted = await atSide('source', () => readExtendedAttributes(attributeSource, choice));
  return { at: target, wanted, choice };
}
