/** Which differences a reported problem explains, so that one failure is not told twice. */
import { parentPath } from '../filesystem/root.ts';
import type { Problem } from '../model/problem.ts';
import type { Verdict } from '../model/verdict.ts';

/** Bounded: past it a failed path may be reported, or counted, a second time. */
export const PATHS_LIMIT = 100_000;

/** Without these nothing below the path could be looked at or made. */
const SUBTREE_ATTEMPTS = new Set(['list', 'open', 'make the directory']);
/** These leave content as it should be. */
const METADATA_ATTEMPTS = new Set([
  'set the owner of',
  'set the extended attributes of',
  'set the metadata of',
]);

export class Explained {
  readonly #subtrees = new Set<string>();
  readonly #entries = new Set<string>();
  readonly #metadata = new Set<string>();

  add({ attempt, path }: Problem): void {
    const isSubtree = SUBTREE_ATTEMPTS.has(attempt);
    const paths = METADATA_ATTEMPTS.has(attempt)
      ? this.#metadata
      : isSubtree
        ? this.#subtrees
        : this.#entries;
    if (paths.size < PATHS_LIMIT) paths.add(path);
  }

  has({ class: verdictClass, path }: Pick<Verdict, 'class' | 'path'>): boolean {
    if (this.#entries.has(path)) return true;
    if (this.#metadata.has(path) && verdictClass === 'metadata differs') return true;
    return this.#isBelowFailure(path);
  }

  /** A call that found a directory missing at the destination which could not be made or opened. */
  explains({ phase, side, code, path }: Problem): boolean {
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return isMissing && phase === 'syncing' && side === 'destination' && this.#isBelowFailure(path);
  }

  #isBelowFailure(path: string): boolean {
    if (this.#subtrees.size === 0) return false;
    for (let at = path; at !== ''; at = parentPath(at)) if (this.#subtrees.has(at)) return true;
    return this.#subtrees.has('');
  }
}
