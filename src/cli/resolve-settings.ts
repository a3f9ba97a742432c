/** CommandLine -> Settings: complete and frozen, every list read and every name looked up. */
import { DEFAULT_SETTINGS as DEFAULT } from '../model/default-settings.ts';
import { UsageError } from '../errors.ts';
import type { Overwrite, Preserve, Settings } from '../model/settings.ts';
import { spoolDirectoryOf, stateDirectoryOf, type Environment } from './directories.ts';
import { resolveFilesFrom, resolveFilters } from './filter-arguments.ts';
import { guardCombinations } from './guard-combinations.ts';
import type { CommandLine, Options } from './options.ts';
import { resolveOwner } from './owner.ts';
import type { Patience } from './patience.ts';
import { resolvePreserve, type PreserveWord } from './preserve-list.ts';

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveSettings(
  commandLine: CommandLine,
  environment: Environment,
  patience: Patience,
): Promise<Settings> {
  guardCombinations(commandLine);
  const { command, options } = commandLine;
  return Object.freeze({
    ...DEFAULT,
    ...comparing(options),
    ...deleting(options),
    ...(await selecting(commandLine, patience)),
    ...working(options),
    preserve: preserving(options),
    ownerOverride: options.chown === undefined ? DEFAULT.ownerOverride : resolveOwner(options.chown),
    dryRun: command === 'sync' && (options.dryRun ?? false),
    listChanges: listsChanges(options),
    collectStatistics: options.report !== undefined,
    listVerified: options.manifest !== undefined,
    ioUring: environment.variables['EFS_SYNC_IO_URING'] !== '0',
    stateDirectory: options.stateDir ?? stateDirectoryOf(environment),
    spoolDirectory: spoolDirectoryOf(environment),
  });
}

function comparing(options: Options): Partial<Settings> {
  return {
    checksum: options.checksum ?? DEFAULT.checksum,
    sizeOnly: options.sizeOnly ?? DEFAULT.sizeOnly,
    overwrite: overwriteOf(options),
    existingOnly: options.existing ?? DEFAULT.existingOnly,
    verify: options.verify === false ? 'none' : (options.verify ?? DEFAULT.verify),
    digest: options.digest ?? DEFAULT.digest,
  };
}

/** What exists is left alone by the stricter of rsync's two options. */
function overwriteOf(options: Options): Overwrite {
  if (options.overwrite) return options.overwrite;
  if (options.ignoreExisting) return 'never';
  return options.update ? 'older' : DEFAULT.overwrite;
}

function deleting(options: Options): Partial<Settings> {
  const deleteExcluded = options.deleteExcluded ?? DEFAULT.deleteExcluded;
  return {
    delete: deleteExcluded || (options.delete ?? DEFAULT.delete),
    deleteExcluded,
    deleteLimit: options.maxDelete,
    force: options.force ?? DEFAULT.force,
  };
}

async function selecting({ options, filters }: CommandLine, patience: Patience): Promise<Partial<Settings>> {
  const from0 = options.from0 ?? false;
  const recursive = options.recursive ?? DEFAULT.filesFromRecursive;
  const minSizeBytes = options.minSize ?? DEFAULT.minSizeBytes;
  const maxSizeBytes = options.maxSize ?? DEFAULT.maxSizeBytes;
  if (minSizeBytes > maxSizeBytes) {
    throw new UsageError('--min-size is larger than --max-size: no file could take part');
  }
  return {
    filters: await resolveFilters(filters, from0, patience),
    filesFrom: await resolveFilesFrom(options.filesFrom, { from0, recursive }, patience),
    filesFromRecursive: recursive,
    minSizeBytes,
    maxSizeBytes,
    oneFileSystem: options.oneFileSystem ?? DEFAULT.oneFileSystem,
  };
}

function working(options: Options): Partial<Settings> {
  return {
    inPlace: options.inplace ?? DEFAULT.inPlace,
    partial: (options.partial ?? DEFAULT.partial) || (options.P ?? false),
    fsync: options.fsync ?? DEFAULT.fsync,
    bandwidthBytesPerSec: options.bwlimit ?? DEFAULT.bandwidthBytesPerSec,
    operationsPerSec: options.opslimit ?? DEFAULT.operationsPerSec,
    concurrency: options.concurrency ?? DEFAULT.concurrency,
    retries: options.retries ?? DEFAULT.retries,
    timeoutMs: (options.timeout ?? 0) * 1000,
    lockWaitMs: (options.wait ?? 0) * 1000,
    requireMount: options.requireMount ?? DEFAULT.requireMount,
    requireFile: options.requireFile,
    sourceSnapshot: options.sourceSnapshot,
    requireTls: options.requireTls ?? DEFAULT.requireTls,
  };
}

/** rsync's letters add to the list, each its own part; most are in it by default. */
function preserving(options: Options): Preserve {
  const everything = options.archive ?? false;
  const letters: readonly (readonly [PreserveWord, boolean | undefined])[] = [
    ['uid', options.owner],
    ['gid', options.group],
    ['mode', options.perms],
    ['mtime', options.times],
    ['atime', options.atimes],
    ['acl', options.acls],
    ['xattr', options.xattrs],
    ['devices', options.devices ?? options.D],
    ['specials', options.specials ?? options.D],
  ];
  const takenBack = letters.filter(([, isGiven]) => isGiven === false).map(([word]) => word);
  const archived: readonly PreserveWord[] = ['owner', 'mode', 'mtime', 'devices', 'specials'];
  const added = letters.filter(([, isGiven]) => isGiven).map(([word]) => word);
  return resolvePreserve(options.preserve, {
    added: everything ? [...added, ...archived] : added,
    takenBack,
  });
}

function listsChanges(options: Options): boolean {
  const isShown = options.itemizeChanges || options.verbose || options.dryRun || options.json;
  return isShown === true || options.logFile !== undefined;
}
