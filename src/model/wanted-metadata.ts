/** The metadata an entry is to have at the destination. Undefined: leave it as it is. */

export interface Timestamp {
  readonly sec: number;
  readonly nsec: number;
}

export interface WantedOwner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

export interface WantedMetadata extends WantedOwner {
  readonly mode: number | undefined;
  readonly mtime: Timestamp | undefined;
  readonly atime: Timestamp | undefined;
}
