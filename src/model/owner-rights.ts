/** What the kernel lets this process do with ownership. */
export interface OwnerRights {
  readonly isRoot: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Groups an unprivileged process may give its own files to. */
  readonly groups: ReadonlySet<number>;
  /** Of a user namespace that does not have every id: the others can be neither given nor told apart. */
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
