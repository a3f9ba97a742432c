/**
 * CommandLine -> Settings, complete and frozen, with every list read and every name looked up; and ->
 * Presentation, how the output is shown.
 */
import {
  DEFAULT_SETTINGS as DEFAULT,
  type Overwrite,
  type Preserve,
  type Settings,
  type VerifyMode,
} from '../../model/settings.ts';
import { UsageError } from '../../model/run/errors.ts';
import { resolveFilesFrom, resolveFilters } from './filter-arguments.ts';
import { resolveBackup } from './backup-rule.ts';
import { guardCombinations } from './guard-combinations.ts';
import type { CommandLine, Options } from './options.ts';
import { GROUPS, resolveOwner, USERS } from './owner.ts';
import { resolveIdMap } from './id-maps.ts';
import { resolveModeChanges } from './mode-changes.ts';
import { splitSource } from './relative-source.ts';
import type { Patience } from '../../flow/patience.ts';
import { attributeOf, type ValueOf } from './table/option-declaration.ts';
import { type DeclaredOption, OPTIONS } from './table/option-table.ts';
import { type PreserveList, type PreserveWord, resolvePreserve } from './table/preserve-list.ts';
import { usesSource } from '../../report/text/out-format.ts';
import { DEFAULT_PRESENTATION, type Presentation } from '../../report/presentation.ts';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { utf8Bytes } from '../../model/display-name.ts';

/**
 * The table names the settings that get one option's value; all others are resolved here. A setting in
 * neither place does not compile. @throws UsageError, Interrupted, TimedOut
 */
export async function resolveSettings(
  commandLine: CommandLine,
  environment: Environment,
  patience: Patience,
): Promise<Settings> {
  guardCombinations(commandLine);
  const { command, options, filters } = commandLine;
  const given = fieldsGiven('setting', options, DEFAULT);
  const lists = { from0: given.from0, recursive: given.filesFromRecursive };
  const user = { cvsExclude: options.cvsExclude ?? false, variables: environment.variables };
  const { onlyBelow } = splitSource(commandLine);
  const backup = resolveBackup(options);
  const settings: Settings = {
    ...given,
    ...(onlyBelow !== undefined && { onlyBelow }),
    ...(backup !== undefined && { backup }),
    // As in rsync: names that stay in their directories change its time.
    omitDirectoryTimes: given.omitDirectoryTimes || (backup !== undefined && backup.directory === undefined),
    overwrite: overwriteOf(options),
    verify: verifyOf(options),
    delete: given.deleteExcluded || (options.delete ?? DEFAULT.delete),
    filters: await resolveFilters(filters, given.from0, patience, user),
    filesFrom: await resolveFilesFrom(options.filesFrom, lists, patience),
    partial: (options.partial ?? DEFAULT.partial) || (options.P ?? false),
    timeoutMs: inMs(options.timeout) ?? DEFAULT.timeoutMs,
    lockWaitMs: inMs(options.wait) ?? DEFAULT.lockWaitMs,
    preserve: keepingMapped(preserving(options), options),
    idMaps: idMapsOf(options),
    modeChanges: options.chmod === undefined ? DEFAULT.modeChanges : resolveModeChanges(options.chmod),
    ownerOverride: options.chown === undefined ? DEFAULT.ownerOverride : resolveOwner(options.chown),
    dryRun: command === 'sync' && (options.dryRun ?? DEFAULT.dryRun),
    listChanges: listsChanges(options),
    listUnchanged: options.itemizeUnchanged === true && options.itemizeChanges !== false,
    listSources: options.outFormat !== undefined && usesSource(options.outFormat),
    countRuleMatches: command === 'sync' && options.dryRun === true && options.verbose === true,
    collectStatistics: options.report !== undefined,
    listVerified: options.manifest !== undefined,
    ioUring: environment.variables['EFS_SYNC_IO_URING'] !== '0',
    stateDirectory: options.stateDir ?? stateDirectoryOf(environment),
    fallbackStateDirectory: fallbackStateDirectoryOf(options, environment),
    spoolDirectory: spoolDirectoryOf(environment),
  };
  guardListed(settings);
  guardModes(settings);
  return Object.freeze(settings);
}

/** Which files of rules hold in directories that only lead to a path is not defined. */
function guardListed({ filesFrom, onlyBelow, filters }: Settings): void {
  const isWhole = filesFrom === undefined && onlyBelow === undefined;
  if (isWhole || filters.every(({ action }) => action !== 'merge')) return;
  const option = filesFrom === undefined ? '-R' : '--files-from';
  throw new UsageError(
    `${option} cannot be used with rules from files in directories (-F, -C, dir-merge): leave one of them out`,
  );
}

/** If both of rsync's options are given, the stricter one decides about existing files. */
function overwriteOf(options: Options): Overwrite {
  if (options.overwrite) return options.overwrite;
  if (options.ignoreExisting) return 'never';
  return options.update ? 'older' : DEFAULT.overwrite;
}

function verifyOf({ verify }: Options): VerifyMode {
  return verify === false ? 'none' : (verify ?? DEFAULT.verify);
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** As in rsync, a map implies that owners are kept: those that it does not have are the source's. */
function keepingMapped(preserve: Preserve, { usermap, groupmap }: Options): Preserve {
  if (usermap === undefined && groupmap === undefined) return preserve;
  const [uid, gid] = [preserve.uid || usermap !== undefined, preserve.gid || groupmap !== undefined];
  return Object.freeze({ ...preserve, uid, gid });
}

function idMapsOf({ usermap, groupmap, numericIds: isNumeric = false }: Options): Settings['idMaps'] {
  if (usermap === undefined && groupmap === undefined) return DEFAULT.idMaps;
  return Object.freeze({
    uid: resolveIdMap({ option: '--usermap', database: USERS, isNumeric }, usermap ?? []),
    gid: resolveIdMap({ option: '--groupmap', database: GROUPS, isNumeric }, groupmap ?? []),
  });
}

/** An ACL holds the permissions of the group and others itself: the source's would undo the change. */
function guardModes({ modeChanges, preserve }: Settings): void {
  if (modeChanges.length === 0 || !preserve.acl) return;
  throw new UsageError('--chmod changes permissions that ACLs hold as well: use it without --acls');
}

/** Each of rsync's letters adds its part to the list; the default has most of them. */
function preserving(options: Options): Preserve {
  const wanted = lettersGiven(options);
  const added = [...wanted].flatMap(([word, isAdded]) => (isAdded ? [word] : []));
  const takenBack = [...wanted.keys()].filter((word) => wanted.get(word) === false);
  const archived: PreserveList = ['owner', 'mode', 'mtime', 'devices', 'specials'];
  return resolvePreserve(options.preserve, {
    added: options.archive ? [...added, ...archived] : added,
    takenBack,
  });
}

/** True: preserve it; false: `--no-NAME`. */
function lettersGiven(options: Options): ReadonlyMap<PreserveWord, boolean> {
  const given: Readonly<Record<string, unknown>> = options;
  const wanted = new Map<PreserveWord, boolean>();
  for (const { flags, preserves = [] } of OPTIONS) {
    for (const word of preserves) {
      const isGiven = given[attributeOf(flags)];
      if (isGiven !== undefined) wanted.set(word, isGiven === true);
    }
  }
  return wanted;
}

/** `-i`, or `-ii`. */
function itemizes({ itemizeChanges, itemizeUnchanged = false }: Options): boolean {
  return itemizeChanges ?? itemizeUnchanged;
}

function listsChanges(options: Options): boolean {
  const isShown = itemizes(options) || options.verbose || options.dryRun || options.json;
  return isShown === true || options.logFile !== undefined || options.outFormat !== undefined;
}

export function resolvePresentation(command: Presentation['command'], options: Options): Presentation {
  const presentation: Presentation = {
    ...fieldsGiven('presentation', options, DEFAULT_PRESENTATION),
    command,
    listing: listingOf(options),
    progress: (options.progress ?? DEFAULT_PRESENTATION.progress) || (options.P ?? false),
  };
  return Object.freeze(presentation);
}

/** A dry run without a list would be useless: it is itemized unless `-v` asks for paths. */
function listingOf(options: Options): Presentation['listing'] {
  if (options.quiet || options.json) return 'none';
  if (options.outFormat !== undefined) return 'formatted';
  if (itemizes(options)) return 'itemized';
  if (options.verbose) return 'paths';
  return options.dryRun ? 'itemized' : DEFAULT_PRESENTATION.listing;
}

type Kind = 'setting' | 'presentation';
type FieldOf<Declared, K extends Kind> =
  Declared extends Readonly<Record<K, infer Field extends string>> ? Field : never;

/** Has the type of each option's value, so assigning it to a field of another type does not compile. */
type FieldsGiven<K extends Kind, Defaults> = {
  readonly [Each in DeclaredOption as FieldOf<Each, K>]:
    ValueOf<Each> | Defaults[FieldOf<Each, K> & keyof Defaults];
};

/** Fields that each get the value of one option, which the table names: the value given, or the default. */
function fieldsGiven<K extends Kind, Defaults extends Readonly<Record<string, unknown>>>(
  kind: K,
  options: Options,
  defaults: Defaults,
): FieldsGiven<K, Defaults> {
  const given: Readonly<Record<string, unknown>> = options;
  const fields: Record<string, unknown> = {};
  for (const { flags, [kind]: field } of OPTIONS) {
    if (field !== undefined) fields[field] = given[attributeOf(flags)] ?? defaults[field];
  }
  return fields as FieldsGiven<K, Defaults>;
}

/** Only the command line reads the environment. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The effective one. */
  readonly uid: number;
}

/** Where runs keep their locks and history. Empty if none is known. */
export function stateDirectoryOf({ variables, uid }: Environment): string {
  const { XDG_STATE_HOME: stateHome, HOME: home } = variables;
  // The XDG specification says to ignore a relative path.
  if (stateHome?.startsWith('/')) return utf8Bytes(join(stateHome, 'efs-sync'));
  if (uid === 0) return '/var/lib/efs-sync';
  const absoluteHome = home?.startsWith('/') === true ? home : homeInPasswords();
  return absoluteHome === '' ? '' : utf8Bytes(join(absoluteHome, '.local/state/efs-sync'));
}

/** For a user without a home that can be written: a daemon's, or in a container. Empty: another was chosen. */
function fallbackStateDirectoryOf({ stateDir }: Options, { variables, uid }: Environment): string {
  const { XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: stateHome } = variables;
  if (stateDir !== undefined || stateHome?.startsWith('/')) return '';
  return utf8Bytes(runtime?.startsWith('/') ? join(runtime, 'efs-sync') : `/tmp/efs-sync-${uid}`);
}

/** cron sets no HOME for some users, and in a container the user may be in no database. */
function homeInPasswords(): string {
  try {
    return userInfo().homedir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return '';
    throw error;
  }
}

function spoolDirectoryOf({ variables }: Environment): string {
  return utf8Bytes(variables['TMPDIR'] || tmpdir());
}
