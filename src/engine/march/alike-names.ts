/** Names that a directory may take for one: by what they fold to, or by the file that they lead to. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Listing } from '../../filesystem/list-directory.ts';
import { foldedName, isSameFile } from '../../policy/names/folded-name.ts';
import { isThere } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';

/** Names by what they fold to: one, or several. */
export type FoldedNames = ReadonlyMap<string, string | readonly string[]>;

export function groupByFolding(names: readonly ByteString[]): FoldedNames {
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

export function namesAlike(folded: FoldedNames, alike: ReadonlyMap<string, unknown>): ByteString[] {
  return [...alike.keys()].flatMap((key) => folded.get(key) ?? []);
}

/** Which of the names leads to the same file. @throws SystemError */
export async function findSameFile(
  directory: OpenDirectory,
  file: StatBuffer,
  names: readonly ByteString[],
): Promise<string | undefined> {
  const stat = new StatBuffer();
  for (const name of names) {
    if ((await isThere(directory, name, stat)) && isSameFile(file, stat)) return name;
  }
  return undefined;
}
