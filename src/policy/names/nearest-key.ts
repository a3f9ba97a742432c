/** Finds the key that was probably meant: the one with the fewest letters changed. */

/** With more than a third of its letters changed it is another word. */
const MOST_CHANGED_SHARE = 0.34;

export function nearestKey(word: string, keys: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.floor(word.length * MOST_CHANGED_SHARE) + 1;
  for (const key of keys) {
    const changes = editDistance(word.toLowerCase(), key.toLowerCase());
    if (changes < fewest) [nearest, fewest] = [key, changes];
  }
  return nearest;
}

/** Levenshtein distance: letters added, removed or replaced. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
