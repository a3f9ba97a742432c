/** Facts about file systems by type, and safe assumptions for an unknown type. */

/** Infinity: unknown or unlimited. */
export interface DestinationLimits {
  readonly nameBytes: number;
  readonly linkTargetBytes: number;
  readonly fileBytes: number;
  readonly directoryLevels: number;
  /** Most names that one file may have. */
  readonly links: number;
  readonly holdsDevices: boolean;
  /** Extended attributes, and ACLs, which are stored as attributes. */
  readonly holdsAttributes: boolean;
  /** True: these are the only limits on names, hard links and attributes. False: others may exist. */
  readonly isComplete: boolean;
}

/** The kernel replaces a time outside the range by the nearest end. */
export interface TimeRange {
  readonly earliestSec: number;
  /** Infinity: later than any file's time. */
  readonly latestSec: number;
}

export interface FileSystem {
  /** Each call is a network round trip. */
  readonly isRemote: boolean;
  /**
   * Another machine checks permissions, and may deny even root (root_squash) to read files or to change
   * owners.
   */
  readonly mayDenyRoot: boolean;
  readonly isNfs: boolean;
  /** The kernel has a separate type for version 4; `nfs` is version 2 or 3. */
  readonly isNfs4: boolean;
  /** Only the user who mounted it may enter, not even root: fuse(8), `allow_other`. */
  readonly deniesOtherUsers: boolean;
  /**
   * Where directories of other file systems show through: its source (bindfs, gocryptfs), or an overlay's
   * layers.
   */
  readonly branches: 'none' | 'source' | 'layers';
  /** Lost with the machine, so there is no disk to flush to. */
  readonly isInMemory: boolean;
  /**
   * copy_file_range(2) copies bytes here and locks the file meanwhile. False for types that share extents,
   * which takes no time, and for servers that copy themselves.
   */
  readonly copiesUnderFileLock: boolean;
  /**
   * The statfs(2) magic number (linux/magic.h) of a type whose holes can be trusted; such types pass
   * seek_sanity_test of xfstests. Undefined: it may report data as a hole, which would be neither copied nor
   * compared.
   */
  readonly truthfulHolesMagic: number | undefined;
  /**
   * Keeps the times it is given, in steps known from its type or its own clock. False: only a test shows
   * that.
   */
  readonly keepsTimes: boolean;
  /** The coarsest step of its formats. A root may show finer times. */
  readonly granularityNs: number;
  /** One per format. Empty: unknown, or as wide as time_t. */
  readonly timeRanges: readonly TimeRange[];
  readonly limits: DestinationLimits;
}

export const UNKNOWN_LIMITS: DestinationLimits = {
  nameBytes: Infinity,
  linkTargetBytes: Infinity,
  fileBytes: Infinity,
  directoryLevels: Infinity,
  links: Infinity,
  holdsDevices: true,
  holdsAttributes: true,
  isComplete: false,
};

/** Trusts nothing: times are tested, holes are read, and other limits may exist. */
export const UNKNOWN_FILE_SYSTEM: FileSystem = {
  isRemote: false,
  mayDenyRoot: false,
  isNfs: false,
  isNfs4: false,
  deniesOtherUsers: false,
  branches: 'none',
  isInMemory: false,
  copiesUnderFileLock: false,
  truthfulHolesMagic: undefined,
  keepsTimes: false,
  granularityNs: 1,
  timeRanges: [],
  limits: UNKNOWN_LIMITS,
};
