/** A resolved root: where it is, what holds it, and how to speak to it. */
import type { Side } from './task.ts';

/** One line of /proc/self/mountinfo. Texts are latin1. */
export interface Mount {
  readonly mountId: number;
  /** The mount that it is mounted on. */
  readonly parentId: number;
  /** `major:minor`: all mounts of one file system have the same. */
  readonly device: string;
  readonly mountPoint: string;
  /** The directory of the file system that is seen at the mount point: not `/` in a bind mount. */
  readonly rootPath: string;
  readonly fileSystemType: string;
  /** Device, or server and path. */
  readonly source: string;
  readonly options: readonly string[];
  readonly superOptions: readonly string[];
  /** A round trip away. */
  readonly isRemote: boolean;
}

export interface Location {
  readonly side: Side;
  /** As the user gave it, latin1. */
  readonly path: string;
  /** Absolute, without symbolic links, latin1. */
  readonly realPath: string;
  /** The directory, open for the whole run and valid in every worker. */
  readonly fd: number;
  readonly device: number;
  readonly inode: bigint;
  readonly mountId: number;
  readonly mount: Mount | undefined;
  /** The kernel (5.8) tells mount points apart, bind mounts too; else only devices do. */
  readonly tellsMountPoints: boolean;
  readonly isRemote: boolean;
  /** Median time of a call that asks the server. */
  readonly latencyUs: number;
  /** Chosen by latency: how each call on this side is made. */
  readonly callStyle: 'blocking' | 'overlapping';
  /** NFS v3: replies to READ carry the file's attributes, so that what the client knows is from then. */
  readonly readsBringAttributes: boolean;
  /** Who has the kernel copy one range of a file there keeps others from copying another. */
  readonly copiesUnderFileLock: boolean;
  /** Finer differences between timestamps cannot be kept there. */
  readonly timestampGranularityNs: number;
}
