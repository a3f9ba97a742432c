/** What Verifying does not judge, as options leave it alone: counted, and never told as verified. */
import type { ByteString } from '../../model/byte-string.ts';
import { Difference, type Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import { LEFT_ALONE, type LeftAloneCause } from '../../model/tally.ts';
import { compareEntries } from '../../policy/compare/compare.ts';
import {
  causeAtDestination,
  isKnownToDiffer,
  unjudgedContent,
  unjudgedDifferences,
  EVERY_DIFFERENCE,
} from '../../policy/why-left-alone.ts';
import { hasOtherOwner, mayLoseOwners } from '../../policy/compare/ownership.ts';
import type { VerifyingScope } from './verifying-scope.ts';

const COUNTERS = LEFT_ALONE.verifying;

export function countUnjudged(
  { context }: Pick<VerifyingScope, 'context'>,
  cause: LeftAloneCause,
  count = 1,
): void {
  context.counters.add(COUNTERS[cause], count);
}

/** Where a name is, and what both sides have there. */
export interface ComparedName {
  readonly directoryPath: ByteString;
  readonly name: ByteString;
  readonly source: Entry;
  readonly destination: Entry;
}

/** What this run has written itself is judged, whatever the options would leave alone now. */
export function wasLeft({ left }: VerifyingScope, directoryPath: ByteString, name: ByteString): boolean {
  return left === undefined || left.has(directoryPath, name);
}

/** True, and counted: nothing of it is read. */
export function isLeftUnread(scope: VerifyingScope, compared: ComparedName): boolean {
  const { source, destination } = compared;
  const cause = causeAtDestination(source, destination, scope.context.settings);
  if (cause === undefined || !wasLeft(scope, compared.directoryPath, compared.name)) return false;
  const differences = compareEntries(source, destination, scope.context.rule);
  if (!isKnownToDiffer(cause, differences)) return false;
  countUnjudged(scope, cause);
  return true;
}

/** Of an entry that is compared. @param differences by what statx told */
export function unjudgedOf(
  scope: VerifyingScope,
  compared: ComparedName,
  differences: Differences,
): Differences {
  const { settings } = scope.context;
  const { source, destination, directoryPath, name } = compared;
  const cause = causeAtDestination(source, destination, settings);
  const unjudged =
    unjudgedDifferences(cause, source, differences) | unjudgedContent(source, differences, settings);
  return unjudged !== 0 && wasLeft(scope, directoryPath, name) ? unjudged : 0;
}

/** The differences to judge; what is left of others is counted. */
export function judgedOf(
  scope: VerifyingScope,
  differences: Differences,
  unjudged: Differences,
): Differences {
  const left = differences & unjudged;
  if (left !== 0) countUnjudged(scope, causeOfLeft(left, unjudged));
  return differences & ~unjudged;
}

/** Two options leave alone what was compared: one all of it or its metadata, the other its content. */
function causeOfLeft(left: Differences, unjudged: Differences): 'existing' | 'sameSize' {
  const isContentLeft = (left & Difference.content) !== 0 && unjudged !== EVERY_DIFFERENCE;
  return isContentLeft ? 'sameSize' : 'existing';
}

/** Who is not root cannot give every owner, and it is no difference then. */
export function countOtherOwner({ context }: VerifyingScope, source: Entry, destination: Entry): void {
  if (!mayLoseOwners(context.settings, context.setup.rights)) return;
  const { preserve } = context.settings;
  const wanted = context.rule.wantedOwner(source);
  if (hasOtherOwner(source, destination, { wanted, preserve }))
    context.counters.add('ownershipUnverified', 1);
}
