/** Gives an open destination entry the metadata of its source, and reports what could not be given. */
import {
  applyMetadata,
  type AttributesToWrite,
  type MetadataTarget,
} from '../../filesystem/apply-metadata.ts';
import { readExtendedAttributes } from '../../filesystem/extended-attributes.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Entry } from '../../model/entry.ts';
import { losesOwner } from '../../policy/ownership.ts';
import { wantedMetadata } from '../../policy/wanted-metadata.ts';
import { atSide } from '../walking/both-sides.ts';
import { attributeTarget } from '../walking/compare-attributes.ts';
import { willTryAgain } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';
import { addProblem, type ApplyingUnit } from './apply-unit.ts';

export interface AttributePlace {
  readonly sourceDirectory: OpenDirectory;
  readonly sourceName: string;
  readonly destinationDirectory: OpenDirectory;
  readonly destinationName: string;
}

export interface MetadataWork {
  readonly target: MetadataTarget;
  /** The source's metadata, and what the destination has now. */
  readonly source: Entry;
  readonly actual: Entry;
  /** Without --preserve=mode: the permissions that a replaced file leaves to the new one. */
  readonly keptMode?: number | undefined;
  readonly attributes: AttributePlace | undefined;
}

/** @throws SystemError */
export async function finishMetadata(unit: ApplyingUnit, work: MetadataWork): Promise<void> {
  const { context } = unit;
  const { preserve } = context.settings;
  const owner = context.wantedOwner(work.source);
  const fromSource = wantedMetadata(work.source, preserve, owner);
  const wanted = work.keptMode === undefined ? fromSource : { ...fromSource, mode: work.keptMode };
  const hasAttributes = work.attributes !== undefined && (preserve.xattr || preserve.acl);
  const attributes = hasAttributes ? await attributesToWrite(unit, work.attributes) : undefined;
  const failures = await applyMetadata(work.target, work.actual, wanted, attributes);
  const passing = failures.find(({ error }) => willTryAgain(context, error, unit.tries));
  if (passing !== undefined) throw passing.error;
  for (const { attempt, error } of failures) {
    addProblem(unit, error, { side: 'destination', path: work.target.path, attempt });
  }
}

/** To be called once for each entry that was given its metadata. */
export function countOwner({ counters, settings, wantedOwner }: WorkerContext, source: Entry): void {
  if (losesOwner(wantedOwner(source), settings.preserve)) counters.add('ownershipNotKept', 1);
}

async function attributesToWrite(
  { context }: ApplyingUnit,
  place: AttributePlace,
): Promise<AttributesToWrite> {
  const { xattr, acl } = context.settings.preserve;
  const choice = { xattr, acl };
  const from = attributeTarget(place.sourceDirectory, place.sourceName);
  const wanted = await atSide('source', () => readExtendedAttributes(from, choice));
  return { at: attributeTarget(place.destinationDirectory, place.destinationName), wanted, choice };
}
