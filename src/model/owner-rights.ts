/** What the kernel lets this process do with ownership. */
export interface OwnerRights {
  readonly isRoot: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Groups an unprivileged process may give its own files to. */
  readonly groups: ReadonlySet<number>;
}
