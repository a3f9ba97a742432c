/** What a run was asked to do, complete: past `resolveSettings` nothing is optional or read from elsewhere. */
import type { Limits } from './limits.ts';
import type { PathKeys } from './path-keys.ts';

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
  /** Ownership was asked for by name: a path that misses it is a Problem even when not root. */
  readonly ownerRequired: boolean;
}

export type VerifyMode = 'full' | 'transferred' | 'none';
export type DigestName = 'xxh64' | 'sha256';
export type Overwrite = 'always' | 'never' | 'older';
export type DeleteLimit = { readonly count: number } | { readonly percent: number };

/** One rule of the filter list, in the order given. The pattern is latin1: one character a byte. */
export interface FilterRule {
  readonly action: 'include' | 'exclude';
  readonly pattern: string;
}

export interface Settings extends Limits {
  readonly preserve: Preserve;
  /** `--chown`: ids every entry gets at the destination instead of the source's. */
  readonly ownerOverride: { readonly uid: number | undefined; readonly gid: number | undefined };
  readonly verify: VerifyMode;
  readonly digest: DigestName;
  readonly checksum: boolean;
  readonly sizeOnly: boolean;
  readonly overwrite: Overwrite;
  /** `--existing`: create nothing new at the destination. */
  readonly existingOnly: boolean;
  readonly delete: boolean;
  readonly deleteExcluded: boolean;
  readonly deleteLimit: DeleteLimit | undefined;
  /** `--force`: a non-empty directory gives way to a non-directory even without `--delete`. */
  readonly force: boolean;
  readonly filters: readonly FilterRule[];
  /** `--files-from`: `packPaths` of latin1 paths relative to the source, or all of it. */
  readonly filesFrom: PathKeys | undefined;
  /** With `filesFrom`: also everything below a listed directory (`-r`). */
  readonly filesFromRecursive: boolean;
  readonly minSizeBytes: number;
  readonly maxSizeBytes: number;
  readonly oneFileSystem: boolean;
  readonly dryRun: boolean;
  readonly inPlace: boolean;
  readonly partial: boolean;
  readonly fsync: boolean;
  /** Calls in flight over the whole run, or chosen by measurement. */
  readonly concurrency: number | 'auto';
  readonly retries: number;
  /** End the run when nothing moves for this long; 0 means never. */
  readonly timeoutMs: number;
  /** Both roots must be mount points. */
  readonly requireMount: boolean;
  /** The source must hold this, at the start and before anything is deleted: latin1, relative to the source. */
  readonly requireFile: string | undefined;
  readonly requireTls: boolean;
  /** Read the source from this snapshot of it, latin1; `latest`: from the last one. */
  readonly sourceSnapshot: string | undefined;
  /** Report every change as it is made (or would be): `-i`, `-v`, `--json`, `--log-file`. */
  readonly listChanges: boolean;
  /** Collect `Report.statistics`: `--report`. */
  readonly collectStatistics: boolean;
  /** Report every entry that was verified, with the digest of its content: `--manifest`. */
  readonly listVerified: boolean;
  /** How long to wait where another run has this destination; 0 does not, Infinity for ever. */
  readonly lockWaitMs: number;
  /** False: calls to mounts do without io_uring, which a kernel may have and not be trusted with. */
  readonly ioUring: boolean;
  /** Directory for locks, private to the user; empty where none is known. */
  readonly stateDirectory: string;
  /** Directory for the plan's anonymous spool files. */
  readonly spoolDirectory: string;
}
