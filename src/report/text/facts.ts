/** What a report is about: who compared which trees, when, and with which options. */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import type { Mount } from '../../model/run/location.ts';
import type { GivenOption, Origin, Provenance, RootOrigin } from '../../model/run/provenance.ts';
import type { Report } from '../../model/run/report.ts';
import type { Task, Side } from '../../model/task.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import { readingWords } from './how-read.ts';
import { packageVersion } from '../version.ts';
import type { Settings, VerifyMode } from '../../model/settings.ts';

/** Facts known before a run begins: a report about a run that ended without its own uses these. */
export interface RunSubject {
  readonly task: Task;
  readonly command: 'sync' | 'verify';
  readonly origin: Origin;
  readonly startedAt: Date;
  /** The log that lists all problems and differences, however many there are. */
  readonly logFile: string | undefined;
}

export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

type Command = Report['command'];

export function factsOf({ task, command, provenance, startedAt, elapsedMs }: Report): Fact[] {
  const { roots } = provenance;
  return [
    ...runFacts(command, task, provenance),
    { label: 'Source', lines: rootLines(task.source, roots.source) },
    { label: 'Destination', lines: rootLines(task.destination, roots.destination) },
    { label: 'Began', lines: [dateText(startedAt)] },
    { label: 'Ended', lines: [dateText(new Date(startedAt.getTime() + elapsedMs))] },
    ...optionFacts(provenance),
    { label: 'Compared', lines: [comparedWords(command, task.settings, provenance)] },
    ...(command === 'prepare'
      ? []
      : [{ label: 'Verification', lines: [verificationWords(command, task.settings, roots)] }]),
  ];
}

/** For a run that ended before it had a report. */
export function factsOfSubject({ task, command, origin, startedAt }: RunSubject, endedAt: Date): Fact[] {
  return [
    ...runFacts(command === 'sync' && task.settings.dryRun ? 'prepare' : command, task, origin),
    { label: 'Source', lines: rootLines(task.source) },
    { label: 'Destination', lines: rootLines(task.destination) },
    { label: 'Began', lines: [dateText(startedAt)] },
    { label: 'Ended', lines: [dateText(endedAt)] },
    ...optionFacts(origin),
  ];
}

/** A short line for a log: what is mounted where. */
export function mountedLine(side: Side, path: ByteString, root: RootOrigin): string {
  return `${side}: ${rootLines(path, root).join(', ')}`;
}

/** "efs-sync 0.1.0 on nas1 as root (uid 0): --delete --exclude=/a" */
export function originLine(origin: Origin): string {
  const options = shownOptions(origin).map(optionText).join(' ');
  const who = `efs-sync ${packageVersion()} on ${displayText(origin.host)} as ${userText(origin)}`;
  return options === '' ? who : `${who}: ${options}`;
}

/** "2026-11-24 17:05:00 UTC": independent of this machine's time zone and language. */
export function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const COMMANDS: Readonly<Record<Command, string>> = { sync: 'sync', prepare: 'dry run', verify: 'verify' };

function runFacts(command: Command, { name }: Task, origin: Origin): Fact[] {
  return [
    ...(name === undefined ? [] : [{ label: 'Task', lines: [displayName(name)] }]),
    { label: 'Program', lines: [`efs-sync ${packageVersion()}, ${COMMANDS[command]}`] },
    { label: 'Machine', lines: [displayText(origin.host)] },
    { label: 'User', lines: [userText(origin)] },
  ];
}

function userText({ user, uid }: Origin): string {
  return user === undefined ? `uid ${uid}` : `${displayText(user)} (uid ${uid})`;
}

/** The absolute path, the target of its symbolic links, and what is mounted there. */
function rootLines(path: ByteString, root?: RootOrigin): string[] {
  const absolute = absolutePath(path);
  if (root === undefined) return [displayName(absolute)];
  const { realPath, mount } = root;
  return [
    displayName(absolute),
    ...(realPath === absolute ? [] : [`resolves to ${displayName(realPath)}`]),
    ...(mount === undefined ? [] : [mountText(mount)]),
  ];
}

function mountText({ fileSystemType, source, mountPoint, rootPath }: Mount): string {
  const part = rootPath === '/' ? '' : ` (its directory ${displayName(rootPath)})`;
  return `on ${fileSystemType} ${displayName(source)}${part}, mounted at ${displayName(mountPoint)}`;
}

function optionFacts(origin: Origin): Fact[] {
  const lines = shownOptions(origin).map((option) => {
    const isTyped = option.origin === 'command line';
    return isTyped ? optionText(option) : `${optionText(option)} (${displayName(option.origin)})`;
  });
  return [{ label: 'Options', lines: lines.length === 0 ? ['none given'] : lines }];
}

/** Keys of a task file that are shown separately. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['name', 'source', 'destination', 'schedule']);

export function shownOptions({ options }: Origin): GivenOption[] {
  return options.filter(({ key }) => !TOLD_ELSEWHERE.has(key));
}

/** Quoted for a shell. */
function optionText({ key, value }: GivenOption): string {
  const flag = key.length === 1 ? `-${key}` : `--${key}`;
  if (value === true) return flag;
  if (value === false) return `--no-${key}`;
  return `${flag}=${quoted(displayName(value))}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** "kind, size, content byte by byte, owner, group, mode, mtime" */
function comparedWords(command: Report['command'], settings: Settings, { uid }: Pick<Origin, 'uid'>): string {
  const kept = keptWords(settings, uid === 0);
  const isRead = command === 'verify' || (command === 'sync' && settings.verify !== 'none');
  const content = isRead || settings.checksum ? ['content byte by byte'] : [];
  const words = ['kind', 'size', ...content, 'symbolic link targets', ...kept].join(', ');
  return content.length > 0 ? words : `${words}; ${quickCheckWords(settings)}`;
}

/** The check that decides about a file instead of its content. */
function quickCheckWords({ sizeOnly, ignoreTimes }: Settings): string {
  if (ignoreTimes) return 'not content: every file counts as changed';
  return `not content: files of the same ${sizeOnly ? 'size' : 'size and mtime'} count as equal`;
}

/** A user other than root cannot change owners; they then count only if requested. */
function keptWords({ preserve, ...settings }: Settings, isRoot: boolean): string[] {
  const owner = isRoot || preserve.ownerRequired ? '' : ' where this user may set it';
  const words: [boolean, string][] = [
    [preserve.uid, `owner${owner}`],
    [preserve.gid, `group${owner}`],
    [preserve.mode, 'mode'],
    [preserve.mtime, `mtime${omittedWords(settings)}`],
    [preserve.xattr, 'extended attributes'],
    [preserve.acl, 'ACLs'],
  ];
  return words.filter(([isKept]) => isKept).map(([, word]) => word);
}

function omittedWords({
  modifyWindowSec,
  omitDirectoryTimes,
  omitLinkTimes,
}: Omit<Settings, 'preserve'>): string {
  const within = modifyWindowSec < 0 ? '' : ` (to ${modifyWindowSec} s)`;
  const kinds = [omitDirectoryTimes && 'directories', omitLinkTimes && 'symbolic links'].filter(Boolean);
  return kinds.length === 0 ? within : `${within} (not of ${kinds.join(' and ')})`;
}

const VERIFY_MODE_WORDS: Readonly<Record<VerifyMode, string>> = {
  full: 'full: both sides listed and read again',
  transferred: 'transferred: everything this run wrote, listed and read again',
  none: 'none',
};

function verificationWords(
  command: Command,
  { verify, digest }: Settings,
  roots: Provenance['roots'],
): string {
  const mode = command === 'verify' ? 'full' : verify;
  return mode === 'none'
    ? VERIFY_MODE_WORDS.none
    : `${VERIFY_MODE_WORDS[mode]}, ${readingWords(roots)}; digests are ${digest}`;
}
