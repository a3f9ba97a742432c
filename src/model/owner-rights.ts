/** What the kernel lets this process do with owners and groups. */
export interface OwnerRights {
  readonly isRoot: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Groups to which an unprivileged process may give its own files. */
  readonly groups: ReadonlySet<number>;
  /** The ids that the user namespace maps, if not all: other ids can neither be set nor told apart. */
  readonly mapped: MappedIds | undefined;
}

export interface MappedIds {
  readonly uids: readonly IdRange[];
  readonly gids: readonly IdRange[];
}

export interface IdRange {
  readonly first: number;
  readonly count: number;
}
