/** `--usermap=FROM:TO,...` and `--groupmap`, as in rsync(1): ids, ranges, names and wildcards -> ids. */
import { UsageError } from '../../model/run/errors.ts';
import type { IdMapping } from '../../model/metadata-changes.ts';
import { displayName } from '../../model/display-name.ts';
import { matchesWildcard, parseWildcard } from '../../policy/filter/wildcard.ts';
import { type Database, listNames, resolveId } from './owner.ts';

/** What a map is read for. */
export interface MapKind {
  readonly option: '--usermap' | '--groupmap';
  readonly database: Database;
  /** `--numeric-ids`: no id has a name. */
  readonly isNumeric: boolean;
}

type Ids = Pick<IdMapping, 'ranges' | 'isInverse'>;

const EVERY_ID: Ids = { ranges: [], isInverse: true };
const NO_ID: Ids = { ranges: [], isInverse: false };

/** Several maps are one list. @throws UsageError */
export function resolveIdMap(kind: MapKind, texts: readonly string[]): readonly IdMapping[] {
  return Object.freeze(texts.flatMap((text) => text.split(',').map((part) => readPart(kind, part))));
}

function readPart(kind: MapKind, part: string): IdMapping {
  const colon = part.indexOf(':');
  const to = part.slice(colon + 1);
  if (colon < 0 || to === '') {
    throw new UsageError(
      `${kind.option}: "${displayName(part)}" is not FROM:TO; write ids, names or ranges such as 1000:2000, 0-99:nobody or *:root`,
    );
  }
  const { ranges, isInverse } = idsOf(kind, part.slice(0, colon));
  return Object.freeze({ ranges, isInverse, to: resolveId(kind.database, to, kind.option) });
}

function idsOf(kind: MapKind, from: string): Ids {
  if (from === '*') return EVERY_ID;
  if (/^\d/.test(from)) return { ranges: [rangeOf(kind, from)], isInverse: false };
  if (kind.isNumeric) return from === '' ? EVERY_ID : NO_ID;
  if (from === '') return { ranges: namesOf(kind).map(({ id }) => [id, id] as const), isInverse: true };
  if (/[*?[]/.test(from)) return idsLike(kind, from);
  const id = resolveId(kind.database, from, kind.option);
  return { ranges: [[id, id]], isInverse: false };
}

function rangeOf({ option, database }: MapKind, from: string): readonly [number, number] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(from) ?? [];
  if (first === undefined || last === undefined) {
    throw new UsageError(`${option}: "${displayName(from)}" is neither an id nor a range such as 0-99`);
  }
  const range = [resolveId(database, first, option), resolveId(database, last, option)] as const;
  if (range[0] > range[1]) throw new UsageError(`${option}: the range ${first}-${last} is empty`);
  return range;
}

function idsLike(kind: MapKind, from: string): Ids {
  const wildcard = parseWildcard(from);
  const names =
    wildcard === undefined ? [] : namesOf(kind).filter(({ name }) => matchesWildcard(wildcard, name));
  return { ranges: names.map(({ id }) => [id, id] as const), isInverse: false };
}

function namesOf({ database, option }: MapKind): { name: string; id: number }[] {
  return listNames(database, option);
}
