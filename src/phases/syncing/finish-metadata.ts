/** Gives an open destination entry the metadata of its source, and reports what could not be given. */
import {
  applyMetadata,
  type AttributesToWrite,
  type MetadataTarget,
} from '../../filesystem/apply-metadata.ts';
import { readExtendedAttributes, type AttributeTarget } from '../../filesystem/extended-attributes.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import type { Entry } from '../../model/entry.ts';
import { isPrivileged } from '../../model/privileged-attributes.ts';
import { losesOwner } from '../../policy/ownership.ts';
import { wantedMetadata } from '../../policy/wanted-metadata.ts';
import { atSide } from '../walking/both-sides.ts';
import { willTryAgain } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';
import { addProblem, type ApplyingUnit } from './apply-unit.ts';

export interface MetadataWork {
  readonly target: MetadataTarget;
  /** The source's metadata, and what the destination has now. */
  readonly source: Entry;
  readonly actual: Entry;
  /** Without --preserve=mode: the permissions that a replaced file leaves to the new one. */
  readonly keptMode?: number | undefined;
  /** Open: whose extended attributes it gets, where they are to be preserved. */
  readonly attributeSource: AttributeTarget | undefined;
  /** False: others may have written its content, and what gives rights is not for it. */
  readonly isOurs: boolean;
}

/** @throws SystemError */
export async function finishMetadata(unit: ApplyingUnit, work: MetadataWork): Promise<void> {
  const { context } = unit;
  const { preserve } = context.settings;
  const owner = context.wantedOwner(work.source);
  const fromSource = wantedMetadata(work.source, preserve, owner);
  const wanted = work.keptMode === undefined ? fromSource : { ...fromSource, mode: work.keptMode };
  const attributes = keepsAttributes(unit) ? await attributesToWrite(unit, work) : undefined;
  const actual = await actualBefore(work, attributes);
  const failures = await applyMetadata(work.target, actual, wanted, attributes);
  const passing = failures.find(({ error }) => willTryAgain(context, error, unit.tries));
  if (passing !== undefined) throw passing.error;
  for (const { error, ...failure } of failures) {
    await addProblem(unit, error, { side: 'destination', path: work.target.path, ...failure });
  }
}

/** Before rights are given nothing is taken for known (write-file.ts). */
async function actualBefore(work: MetadataWork, attributes: AttributesToWrite | undefined): Promise<Entry> {
  const grants = attributes !== undefined && Array.from(attributes.wanted.keys()).some(isPrivileged);
  return grants ? readOpenEntry(work.target) : work.actual;
}

/** To be called once for each entry that was given its metadata. */
export function countOwner({ counters, settings, wantedOwner }: WorkerContext, source: Entry): void {
  if (losesOwner(wantedOwner(source), settings.preserve)) counters.add('ownershipNotKept', 1);
}

/** Whether a source that is not open yet is to be opened for its extended attributes. */
export function keepsAttributes({ context }: ApplyingUnit): boolean {
  const { xattr, acl } = context.settings.preserve;
  return xattr || acl;
}

async function attributesToWrite(
  { context }: ApplyingUnit,
  { target, attributeSource, isOurs }: MetadataWork,
): Promise<AttributesToWrite | undefined> {
  if (attributeSource === undefined) return undefined;
  const { xattr, acl } = context.settings.preserve;
  const choice = { xattr, acl, mayGrant: isOurs };
  const wanted = await atSide('source', () => readExtendedAttributes(attributeSource, choice));
  return { at: target, wanted, choice };
}
