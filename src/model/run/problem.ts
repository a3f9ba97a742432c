/** The failure of one path, and what was attempted. The run goes on, and the report names it. */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Phase, Side } from '../task.ts';

/**
 * - `failed`: a call failed, or the destination cannot hold the entry (exit status 23)
 * - `vanished`: gone from the source since it was listed (24)
 * - `changed`: the source kept changing while it was copied (41)
 */
export type ProblemClass = 'failed' | 'vanished' | 'changed';

export interface Problem {
  readonly class: ProblemClass;
  readonly phase: Phase;
  readonly side: Side;
  /** Relative to the root, latin1; empty for the root itself. */
  readonly path: ByteString;
  readonly attempt: AttemptName;
  /** Error name such as EACCES; empty if no call failed. */
  readonly code: string;
  /** The reason in words: "Permission denied". */
  readonly reason: Shown;
}

/** What a run can try with a path. */
interface AttemptFacts {
  /** They fit "cannot <words> <path>". */
  readonly words: string;
  /**
   * The part of the copy that its failure explains.
   * - `subtree`: nothing at or below the path could be read or made
   * - `metadata`: the content is right
   */
  readonly accountsFor: 'entry' | 'subtree' | 'metadata';
}

const ATTEMPTS = {
  compare: { words: 'compare', accountsFor: 'entry' },
  copy: { words: 'copy', accountsFor: 'entry' },
  'copy all': { words: 'copy all of', accountsFor: 'entry' },
  delete: { words: 'delete', accountsFor: 'entry' },
  'delete directory': { words: 'delete the directory', accountsFor: 'entry' },
  find: { words: 'find', accountsFor: 'entry' },
  link: { words: 'link', accountsFor: 'entry' },
  list: { words: 'list', accountsFor: 'subtree' },
  'make directory': { words: 'make the directory', accountsFor: 'subtree' },
  open: { words: 'open', accountsFor: 'subtree' },
  'read metadata': { words: 'read the metadata of', accountsFor: 'entry' },
  rename: { words: 'rename', accountsFor: 'entry' },
  'set attributes': { words: 'set the extended attributes of', accountsFor: 'metadata' },
  'set metadata': { words: 'set the metadata of', accountsFor: 'metadata' },
  'set owner': { words: 'set the owner of', accountsFor: 'metadata' },
} as const satisfies Record<string, AttemptFacts>;

export type AttemptName = keyof typeof ATTEMPTS;

export function attemptWords(attempt: AttemptName): string {
  return ATTEMPTS[attempt].words;
}

export function accountsFor(attempt: AttemptName): AttemptFacts['accountsFor'] {
  return ATTEMPTS[attempt].accountsFor;
}
