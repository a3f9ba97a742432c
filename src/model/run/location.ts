/** A resolved root: its path, its mount, and how to call its file system. */
import type { ByteString } from '../byte-string.ts';
import type { Side } from '../task.ts';

/** One line of /proc/self/mountinfo. Texts are latin1. */
export interface Mount {
  readonly mountId: number;
  /** The mount that this one is mounted on. */
  readonly parentId: number;
  /** `major:minor`, the same for all mounts of one file system. */
  readonly device: string;
  readonly mountPoint: string;
  /** The directory of the file system that appears at the mount point: not `/` for a bind mount. */
  readonly rootPath: ByteString;
  readonly fileSystemType: string;
  /** Device, or server and path. */
  readonly source: string;
  readonly options: readonly string[];
  readonly superOptions: readonly string[];
  /** Each call is a network round trip. */
  readonly isRemote: boolean;
}

/**
 * The finest steps in which the file system keeps times; Infinity: it keeps the time of the write, whatever
 * is set.
 */
export interface KeptTimes {
  readonly timestampGranularityNs: number;
  readonly linkGranularityNs: number;
}

export interface Location {
  readonly side: Side;
  /** As the user gave it, latin1. */
  readonly path: ByteString;
  /** Absolute, without symbolic links, latin1. */
  readonly realPath: ByteString;
  /** The directory's descriptor, open for the whole run and valid in every worker. */
  readonly fd: number;
  readonly device: number;
  readonly inode: bigint;
  readonly mountId: number;
  readonly mount: Mount | undefined;
  /**
   * The kernel (5.8) reports mount points, even of bind mounts; older kernels show only a change of device.
   */
  readonly tellsMountPoints: boolean;
  readonly isRemote: boolean;
  /** Median time of a call that the server answers. */
  readonly latencyUs: number;
  /** How calls on this side are made, chosen by latency. */
  readonly callStyle: 'blocking' | 'overlapping';
  /**
   * NFS v3: each READ reply carries the file's attributes, so the client's cached attributes are as fresh as
   * the last READ.
   */
  readonly readsBringAttributes: boolean;
  /** While the kernel copies one range of a file here, nobody else can copy another range. */
  readonly copiesUnderFileLock: boolean;
  /** Finer differences between timestamps are lost here. */
  readonly timestampGranularityNs: number;
  /**
   * Undefined: the directory was there. `planned`: it is not there, and `fd` is a stand-in that is not to be
   * listed; the other facts are those of the directory above.
   */
  readonly creation?: 'done' | 'planned';
  /** What the one name of a run is called here (`Settings.onlyName`). */
  readonly renaming?: { readonly name: ByteString; readonly as: ByteString };
}

/** `--temp-dir` */
export interface TemporaryDirectory {
  readonly location: Location;
  /**
   * Leads to the directory that Syncing makes in it, while that is there. It is open before the isolates begin, which
   * all know it by its number.
   */
  readonly ownFd: number;
}
