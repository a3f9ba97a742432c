/** Something in the source that the destination cannot hold as it is. */

export type ObstacleKind =
  | 'name'
  | 'link target'
  | 'file size'
  | 'directory depth'
  | 'device'
  | 'hard links'
  | 'extended attributes'
  | 'acl';

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** Relative to the source, latin1. */
  readonly path: string;
  /** What it has, and what the destination allows. */
  readonly detail: string;
  /** The error a sync would be given, such as ENAMETOOLONG; empty where that depends on the server. */
  readonly code: string;
  /**
   * What a sync does about it.
   * - `fails`: the path is not copied, and reported
   * - `incomplete`: content and other metadata are copied, and what is missing is reported
   * - `split`: it becomes several files of the same content
   */
  readonly effect: 'fails' | 'incomplete' | 'split';
}
