/** Names of a directory by what they fold to. */
import type { Listing } from '../../filesystem/list-directory.ts';
import { foldedName } from '../../policy/folded-name.ts';

/** Names by what they fold to: one, or several. */
export type FoldedNames = ReadonlyMap<string, string | readonly string[]>;

export function groupByFolding(names: readonly string[]): FoldedNames {
  const groups = new Map<string, string | string[]>();
  for (const name of names) {
    const key = foldedName(name);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, name);
    else if (typeof known === 'string') groups.set(key, [known, name]);
    else known.push(name);
  }
  return groups;
}

/** Listed names by what they fold to, of those that unlisted names fold to. */
export function listedAlike(folded: FoldedNames, { directories, others }: Listing): Map<string, string[]> {
  const alike = new Map<string, string[]>();
  for (const names of [directories, others]) {
    for (const name of names) {
      const key = foldedName(name);
      if (folded.has(key)) alike.set(key, [...(alike.get(key) ?? []), name]);
    }
  }
  return alike;
}

export function namesAlike(folded: FoldedNames, alike: ReadonlyMap<string, unknown>): string[] {
  return [...alike.keys()].flatMap((key) => folded.get(key) ?? []);
}
