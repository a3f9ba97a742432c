/**
 * Finds the files that a run itself writes, once, before the trees are walked. Its calls block: all files
 * have been opened a moment ago, and starting a thread pool would cost more than the calls.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Identity, isDirectory, isFile, sameIdentity } from '../../model/entry.ts';
import type { NamedRunFile, RunFile, RunFiles } from '../../model/run/run-file.ts';
import { AT_FDCWD, STATX_BASIC_STATS } from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { HISTORY, LOCKS } from './state-directory.ts';

const STATE_DIRECTORY = '--state-dir';

/** One file found, and the path of its directory. */
interface FoundFile extends RunFile {
  readonly directoryPath: ByteString;
}

/**
 * @param roots if one of them is the state directory, it takes part in the sync, except for the run's own
 * files in it
 */
export async function findRunFiles(
  named: readonly NamedRunFile[],
  stateDirectories: readonly ByteString[],
  roots: readonly Identity[],
): Promise<RunFiles> {
  const parts = await Promise.all(stateDirectories.map((path) => partsOfState(path, roots)));
  const all = [...named, ...parts.flat()];
  const files = (await Promise.all(all.map(findFile))).flat();
  return { files: files.map(withoutPath), above: await directoriesAbove(files) };
}

/** The whole state directory if it holds nothing else, and the run's own parts of it. */
async function partsOfState(path: ByteString, roots: readonly Identity[]): Promise<NamedRunFile[]> {
  const found = path === '' ? undefined : await identify(path);
  if (found === undefined) return [];
  const parts = [partOfState(`${path}/${LOCKS}`), partOfState(`${path}/${HISTORY}`)];
  const isRoot = roots.some((root) => sameIdentity(root, found));
  return !isRoot && holdsOnlyState(path) ? [partOfState(path), ...parts] : parts;
}

function partOfState(path: ByteString): NamedRunFile {
  return { what: STATE_DIRECTORY, path, use: 'fixed' };
}

function holdsOnlyState(path: ByteString): boolean {
  const names = orUndefined(() => readdirSync(Buffer.from(path, 'latin1')));
  return names?.every((name) => name === LOCKS || name === HISTORY) === true;
}

/** Finds the file by the name given, and if that is a link, also by its target. */
async function findFile({ what, use, path }: NamedRunFile): Promise<FoundFile[]> {
  const stat = await look(path);
  // A pipe or a terminal is no file of this run.
  if (stat !== undefined && !isFile(stat) && !isDirectory(stat)) return [];
  const found = stat && identityOf(stat);
  const files: FoundFile[] = [];
  for (const place of [fileAt(path), fileBehindLinks(path)]) {
    if (place === undefined) continue;
    const directory = await identify(place.directoryPath);
    if (directory !== undefined) files.push({ what, use, found, directory, ...place });
  }
  return files;
}

type PathOfFile = Pick<FoundFile, 'directoryPath' | 'name'>;

function fileAt(path: ByteString): PathOfFile | undefined {
  const directoryPath = realPath(dirname(path));
  return directoryPath === undefined ? undefined : { directoryPath, name: basename(path) };
}

function fileBehindLinks(path: ByteString): PathOfFile | undefined {
  const real = realPath(path);
  return real === undefined ? undefined : { directoryPath: dirname(real), name: basename(real) };
}

async function identify(path: ByteString): Promise<Identity | undefined> {
  const stat = await look(path);
  return stat && identityOf(stat);
}

/** Follows links. Undefined if nothing is there. */
async function look(path: ByteString): Promise<StatBuffer | undefined> {
  const stat = new StatBuffer();
  const result = await linuxCalls('blocking').statx(AT_FDCWD, path, 0, STATX_BASIC_STATS, stat.bytes);
  return result < 0 ? undefined : stat;
}

function identityOf({ device, inode }: Identity): Identity {
  return { device, inode };
}

async function directoriesAbove(files: readonly FoundFile[]): Promise<Identity[]> {
  const paths = new Set<string>();
  for (const { directoryPath } of files) {
    for (let at = directoryPath; !paths.has(at); at = dirname(at)) paths.add(at);
  }
  const found = await Promise.all([...paths].map(identify));
  return found.filter((each) => each !== undefined);
}

function realPath(path: ByteString): ByteString | undefined {
  const bytes = Buffer.from(path, 'latin1');
  return orUndefined(() => realpathSync.native(bytes, { encoding: 'buffer' }))?.toString('latin1');
}

/** A file that cannot be looked up cannot be met by the walk either; whoever writes it reports the error. */
function orUndefined<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

function withoutPath({ what, use, directory, name, found }: FoundFile): RunFile {
  return { what, use, directory, name, found };
}
