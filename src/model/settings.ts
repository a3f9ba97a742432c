/**
 * Everything a run was asked to do, and the defaults. After `resolveSettings` nothing is optional or read from
 * elsewhere.
 */
import type { IdMapping, ModeChange } from './metadata-changes.ts';
import type { FilterList } from './filter-list.ts';
import type { ByteString } from './byte-string.ts';
import type { PathKeys, RepairPaths } from './listed-paths.ts';

export interface Preserve {
  readonly uid: boolean;
  readonly gid: boolean;
  readonly mode: boolean;
  readonly mtime: boolean;
  readonly atime: boolean;
  readonly xattr: boolean;
  readonly acl: boolean;
  readonly devices: boolean;
  readonly specials: boolean;
  /** Ownership was requested explicitly: a wrong owner is a Problem even for a user other than root. */
  readonly ownerRequired: boolean;
}

export type VerifyMode = 'full' | 'transferred' | 'none';
export type DigestName = 'xxh64' | 'sha256';
export type Overwrite = 'always' | 'never' | 'older';
export type DeleteLimit = { readonly count: number } | { readonly percent: number };

/** `--backup`: what becomes of names that are replaced or deleted. */
export interface BackupRule {
  /** Latin1; a relative path counts from the destination. Undefined: each name stays in its own directory. */
  readonly directory: ByteString | undefined;
  /** What their names get at the end. */
  readonly suffix: ByteString;
}

export interface Settings extends Limits {
  readonly preserve: Preserve;
  /** `--chown`: ids that every destination entry gets instead of the source's. */
  readonly ownerOverride: { readonly uid: number | undefined; readonly gid: number | undefined };
  /** `--modify-window`: modification times that are at most so far apart are equal, in whole seconds; -1: exact ones. */
  readonly modifyWindowSec: number;
  /** `--omit-dir-times`: directories keep whatever times they get. */
  readonly omitDirectoryTimes: boolean;
  /** `--omit-link-times`: symbolic links do. */
  readonly omitLinkTimes: boolean;
  /** `--usermap`, `--groupmap`: the first mapping that has an id counts. */
  readonly idMaps: { readonly uid: readonly IdMapping[]; readonly gid: readonly IdMapping[] };
  /** `--chmod`: the source's modes are taken as these changes make them. */
  readonly modeChanges: readonly ModeChange[];
  readonly verify: VerifyMode;
  /** `--repair`: what Verifying finds different is copied again, once. */
  readonly repair: boolean;
  readonly digest: DigestName;
  readonly checksum: boolean;
  readonly sizeOnly: boolean;
  /** `--ignore-times`: neither size nor time makes a file count as copied, so each file is written. */
  readonly ignoreTimes: boolean;
  readonly overwrite: Overwrite;
  /** `--existing`: create nothing new at the destination. */
  readonly existingOnly: boolean;
  readonly delete: boolean;
  readonly deleteExcluded: boolean;
  readonly deleteLimit: DeleteLimit | undefined;
  /** `--track-renames`: files that only moved are renamed, not copied. */
  readonly trackRenames: boolean;
  /** `--backup`, `--backup-dir`: undefined: nothing is kept. */
  readonly backup?: BackupRule;
  /** `--force`: a non-directory replaces a non-empty directory even without `--delete`. */
  readonly force: boolean;
  readonly filters: FilterList;
  /** A directory that holds something of one of these names takes no part. */
  readonly excludeIfPresent: readonly ByteString[];
  /** Nor does one that a CACHEDIR.TAG marks as a cache. */
  readonly excludeCaches: boolean;
  /** `--from0`: lines of the files of rules in directories end with NUL. */
  readonly from0: boolean;
  /**
   * `--files-from`: the list as `packPaths` packs it (latin1, relative to the source); undefined: the whole
   * source.
   */
  readonly filesFrom: PathKeys | undefined;
  /** With `filesFrom`: also everything below a listed directory (`-r`). */
  readonly filesFromRecursive: boolean;
  /** `-R`: the one path below the source that takes part, with all that is in it. */
  readonly onlyBelow?: ByteString;
  /** The source is a file: this name, in the directory that is the root then. Known once the roots are open. */
  readonly onlyName?: ByteString;
  /** The round of a run that repairs: of what the other settings select, these paths alone take part. */
  readonly repairs?: RepairPaths;
  /** `--prune-empty-dirs`: directories that hold directories alone take no part. */
  readonly pruneEmptyDirectories: boolean;
  /** `--safe-links`: symbolic links that lead out of the tree take no part. */
  readonly safeLinks: boolean;
  /** `-L`: what symbolic links of the source lead to is copied in their place. */
  readonly copyLinks: boolean;
  /** `-k`: the same for those that lead to directories alone. */
  readonly copyDirectoryLinks: boolean;
  /** `--copy-unsafe-links`: the same for those that lead out of the tree alone. */
  readonly copyUnsafeLinks: boolean;
  readonly minSizeBytes: number;
  readonly maxSizeBytes: number;
  readonly oneFileSystem: boolean;
  readonly dryRun: boolean;
  readonly inPlace: boolean;
  /** Zeros stored in the source become holes as well. */
  readonly sparse: boolean;
  readonly partial: boolean;
  /** All files get their names together, at the end of Syncing. */
  readonly delayUpdates: boolean;
  /** `--temp-dir`, latin1: where files are written before they are renamed; relative to the destination. */
  readonly temporaryDirectory: ByteString | undefined;
  readonly fsync: boolean;
  /** Calls in flight over the whole run, or `auto`: chosen from measurements. */
  readonly concurrency: number | 'auto';
  readonly retries: number;
  /** Ends the run after this long without progress; 0 means never. */
  readonly timeoutMs: number;
  /** `--stop-after`: ends the run this long after its start. */
  readonly stopAfterMinutes: number | undefined;
  /** `--stop-at`: ends the run at this time, in milliseconds since 1970. */
  readonly stopAtMs: number | undefined;
  /** `--mkpath`: also makes missing directories above the destination. */
  readonly makeParents: boolean;
  /** Both roots must be mount points. */
  readonly requireMount: boolean;
  /**
   * The source must contain this path, at the start and before each deletion: latin1, relative to the source.
   */
  readonly requireFile: string | undefined;
  readonly requireTls: boolean;
  /** Reads the source from this snapshot of it, latin1; `latest`: from the last one. */
  readonly sourceSnapshot: string | undefined;
  /** Reports every change when it is made (or would be): `-i`, `-v`, `--json`, `--log-file`. */
  readonly listChanges: boolean;
  /** Also reports entries that need nothing: `-ii`. */
  readonly listUnchanged: boolean;
  /** With metadata of the source: `--out-format`. */
  readonly listSources: boolean;
  /** Collects `Report.statistics`: `--report`. */
  readonly collectStatistics: boolean;
  /** Tells which filter rules matched, and how many names: `-n -v`. */
  readonly countRuleMatches: boolean;
  /** Reports every verified entry, with the digest of its content: `--manifest`. */
  readonly listVerified: boolean;
  /** How long to wait for another run of this destination; 0: not at all, Infinity: without limit. */
  readonly lockWaitMs: number;
  /** False: calls never use io_uring, for kernels whose io_uring is not trusted. */
  readonly ioUring: boolean;
  /** Directory for locks, private to the user; empty if none is known. */
  readonly stateDirectory: ByteString;
  /** For locks where the state directory cannot be written; empty: none, as the operator chose that directory. */
  readonly fallbackStateDirectory: ByteString;
  /** Directory for the plan's anonymous spool files. */
  readonly spoolDirectory: ByteString;
}

/** How much load a run may put on its two sides. All workers count together. */
export interface Limits {
  /** Copied content per second; 0 means no limit. */
  readonly bandwidthBytesPerSec: number;
  /** Calls per second to the file systems of both sides; 0 means no limit. */
  readonly operationsPerSec: number;
}

/** The defaults of a run. Only the two directories depend on the machine. */
export const DEFAULT_SETTINGS: Omit<Settings, 'stateDirectory' | 'spoolDirectory'> = Object.freeze({
  preserve: Object.freeze({
    uid: true,
    gid: true,
    mode: true,
    mtime: true,
    atime: false,
    xattr: false,
    acl: false,
    devices: false,
    specials: false,
    ownerRequired: false,
  }),
  ownerOverride: Object.freeze({ uid: undefined, gid: undefined }),
  modifyWindowSec: -1,
  omitDirectoryTimes: false,
  omitLinkTimes: false,
  idMaps: Object.freeze({ uid: Object.freeze([]), gid: Object.freeze([]) }),
  modeChanges: Object.freeze([]),
  verify: 'full',
  repair: false,
  digest: 'xxh64',
  checksum: false,
  sizeOnly: false,
  ignoreTimes: false,
  overwrite: 'always',
  existingOnly: false,
  delete: false,
  deleteExcluded: false,
  trackRenames: false,
  deleteLimit: undefined,
  force: false,
  filters: Object.freeze([]),
  excludeIfPresent: Object.freeze([]),
  excludeCaches: false,
  from0: false,
  filesFrom: undefined,
  filesFromRecursive: false,
  pruneEmptyDirectories: false,
  safeLinks: false,
  copyLinks: false,
  copyDirectoryLinks: false,
  copyUnsafeLinks: false,
  minSizeBytes: 0,
  maxSizeBytes: Number.POSITIVE_INFINITY,
  oneFileSystem: false,
  dryRun: false,
  inPlace: false,
  sparse: false,
  partial: false,
  delayUpdates: false,
  temporaryDirectory: undefined,
  ioUring: true,
  fsync: false,
  bandwidthBytesPerSec: 0,
  operationsPerSec: 0,
  concurrency: 'auto',
  retries: 3,
  timeoutMs: 0,
  stopAfterMinutes: undefined,
  stopAtMs: undefined,
  makeParents: false,
  fallbackStateDirectory: '',
  requireMount: false,
  requireFile: undefined,
  requireTls: false,
  sourceSnapshot: undefined,
  lockWaitMs: 0,
  listChanges: false,
  listUnchanged: false,
  listSources: false,
  collectStatistics: false,
  countRuleMatches: false,
  listVerified: false,
});
