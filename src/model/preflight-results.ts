/** What preflight finds before anything is written: by its checks, and by a scan of the source. */
import type { ByteString, Shown } from './byte-string.ts';
import type { Side } from './task.ts';

export interface UnopenedRoot {
  readonly side: Side | undefined;
  readonly path: ByteString | undefined;
  readonly code: string | undefined;
}

/** The result of one check. */
export interface Check {
  readonly result: 'OK' | 'WARNING' | 'FAIL';
  /** The thing that was checked, such as `destination: mount`. */
  readonly subject: string;
  /** The finding and its consequence, as text; names in it are already made displayable. */
  readonly finding: string;
  /** How to fix it. */
  readonly cure?: string;
  /** The roots cannot be opened: which one, and the error's path and code, as far as known. */
  readonly unopened?: UnopenedRoot;
}

export type ObstacleKind =
  | 'name'
  | 'link target'
  | 'file size'
  | 'directory depth'
  | 'device'
  | 'hard links'
  | 'extended attributes'
  | 'acl';

/** An entry of the source that the destination cannot hold unchanged. */
export interface Obstacle {
  readonly kind: ObstacleKind;
  /** Relative to the source, latin1. */
  readonly path: ByteString;
  /** The entry's value, and the destination's limit. */
  readonly detail: Shown;
  /** The error that a sync would get, such as ENAMETOOLONG; empty if that depends on the server. */
  readonly code: string;
  /**
   * How a sync handles it.
   * - `fails`: the path is not copied, and reported
   * - `incomplete`: content and other metadata are copied, and the missing part is reported
   * - `split`: it becomes several files with the same content
   */
  readonly effect: 'fails' | 'incomplete' | 'split';
}

/** The result of scanning a whole source. */
export interface ScanTotals {
  readonly entries: number;
  readonly obstacles: Readonly<Record<Obstacle['effect'], number>>;
  /** False: it is unknown which names, hard links and attributes the destination accepts. */
  readonly areLimitsKnown: boolean;
  /** Paths that could not be read; they went to the reporter. */
  readonly problems: number;
  /** Attributes are to be preserved, but it is unknown whether the destination has room for each. */
  readonly areAttributesUnchecked: boolean;
}
