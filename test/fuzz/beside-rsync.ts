/** One tree synced over another by both tools, with the same options; and what must hold then. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { anyLinks, anyTree, attributes, destinationChanges, flips } from '../property/random-tree.ts';
import { expectNothingToDo } from '../support/json-report.ts';
import { compareTrees, mutateTree, writeTree, type Field } from '../support/oracle.ts';
import { rsyncCommand } from '../support/rsync.ts';
import { resetTrees, verify, type Trees } from '../support/scenario.ts';
import { runCli } from '../support/run-cli.ts';
import { file } from '../support/tree.ts';
import { anyOptions, LISTS, rsyncArgs, withLists } from './option-sets.ts';

/** Keeps the source from being empty, since --delete refuses that. */
const ANCHOR = { anchor: file('anchor', { mtimeNs: 2n }) };
/** Of find(1). */
const SPECIAL_TYPES = ['p', 's', 'b', 'c'];
/** Every entry is excluded, so nothing is deleted. */
const REFUSED = 3;
const CONTRADICTED = 1;
/** Its three processes may wait for each other for ever (3.5.0, --ignore-times with --ignore-existing). */
const RSYNC_TIMEOUT_MS = 20_000;
const CANNOT = 23;

export const anyInput = fc.record({
  args: anyOptions,
  source: anyTree,
  sourceLinks: fc.tuple(anyLinks, attributes).map((both) => both.flat()),
  /** Undefined: start from a copy of the source. */
  destination: fc.option(anyTree, { nil: undefined }),
  destinationChanges: fc.tuple(anyLinks, attributes, destinationChanges).map((all) => all.flat()),
  flips,
});
type Input = typeof anyInput extends fc.Arbitrary<infer Value> ? Value : never;

async function makeTrees(trees: Trees, other: string, drawn: Input): Promise<void> {
  const { source, destination, directory } = trees;
  resetTrees(trees);
  await writeTree(source, drawn.source);
  // Two cases depend on rsync's order. A replaced hard link affects the group's other names, and --existing
  // makes rsync delete an entry of another kind without a replacement.
  const isOdd = drawn.args.some((arg) => arg.startsWith('--no-') || arg === '--existing');
  if (!isOdd) await mutateTree(source, drawn.sourceLinks);
  await writeTree(source, ANCHOR);
  if (drawn.destination === undefined) copy(source, destination);
  else await writeTree(destination, drawn.destination);
  await mutateTree(destination, drawn.destinationChanges);
  weakenWhatIsWrittenAnew(trees, drawn.args);
  if (drawn.args.includes('--no-perms')) removeWhatSpecialsReplace(trees);
  if (drawn.args.includes('--inplace')) splitLinks(trees);
  if (drawn.args.includes('--no-group')) dropInheritedGroups(trees);
  if (drawn.args.includes('-u')) dropFractions(trees);
  if (drawn.args.some((arg) => FOLLOWING.has(arg))) dropOddLinks(trees);
  // Corrupts content in a way that only --checksum finds.
  if (drawn.args.includes('-c') && !drawn.args.includes('--ignore-existing'))
    await mutateTree(destination, drawn.flips);
  // On a file, the sticky bit marks an incomplete copy, which the next run replaces whatever the options.
  execFileSync('find', [destination, '-type', 'f', '-perm', '-1000', '-exec', 'chmod', '-t', '{}', '+']);
  copy(destination, other);
  for (const [name, text] of Object.entries(LISTS)) writeFileSync(join(directory, name), text);
}

const FOLLOWING = new Set(['-L', '-k', '--copy-unsafe-links']);

/**
 * rsync sets set-id bits on the existing file, and so on all its names. This tool sets them only on files
 * that it wrote, which have one name. With --no-* options a new file gets the default mode. With backups it leaves one
 * of the old file, which rsync only changes.
 */
function weakenWhatIsWrittenAnew({ source, destination }: Trees, args: readonly string[]): void {
  const isAny = args.some((arg) => /^--no-|^--backup-dir|^-b$/.test(arg));
  const withOtherNames = new Set(namesBelow(destination, '-type', 'f', '-links', '+1'));
  for (const name of namesBelow(source, '-type', 'f', '-perm', '/6000')) {
    if (isAny || withOtherNames.has(name)) chmodSync(Buffer.from(join(source, name), 'latin1'), 0o644);
  }
}

/** In place rsync writes to all names of a file, also where the source has another file, or none. */
function splitLinks({ destination, directory }: Trees): void {
  const split = 'cp -a "$1" "$0" && mv -f "$0" "$1"';
  const each = ['-exec', 'sh', '-c', split, join(directory, 'split'), '{}', ';'];
  execFileSync('find', [destination, '-type', 'f', '-links', '+1', ...each]);
}

/** Without modes of the source, rsync gives a special file that of what it replaces, even of a symbolic link. */
function removeWhatSpecialsReplace({ source, destination }: Trees): void {
  for (const type of SPECIAL_TYPES) {
    const others = new Set(namesBelow(destination, '!', '-type', 'd', '!', '-type', type));
    for (const name of namesBelow(source, '-type', type)) {
      if (others.has(name)) rmSync(Buffer.from(join(destination, name), 'latin1'));
    }
  }
}

/** rsync reads the inherited set-gid bit of a new directory before it fills it, this tool afterwards. */
function dropInheritedGroups({ source, destination }: Trees): void {
  for (const root of [source, destination]) {
    execFileSync('find', [root, '-type', 'd', '-perm', '-2000', '-exec', 'chmod', 'g-s', '{}', '+']);
  }
}

/**
 * Where links lead in a circle, rsync goes on for 40 rounds; after one that leads to nothing it deletes nothing
 * anywhere. A circle needs a link to a directory in which there is another link.
 */
function dropOddLinks({ source }: Trees): void {
  const isOdd = '[ -d "$0" ] && [ -n "$(find "$0/" -type l -print -quit)" ] && rm "$0"; true';
  execFileSync('find', [source, '-type', 'l', '-exec', 'sh', '-c', isOdd, '{}', ';']);
  execFileSync('find', [source, '-type', 'l', '!', '-exec', 'test', '-e', '{}', ';', '-delete']);
}

/** Whether a file is newer rsync sees by whole seconds, however exact its window. */
function dropFractions({ source, destination }: Trees): void {
  const each = ['-exec', 'sh', '-c', 'touch -m -d "@$(stat -c %Y "$0")" "$0"', '{}', ';'];
  for (const root of [source, destination]) execFileSync('find', [root, '-type', 'f', ...each]);
}

/** Relative paths in latin1. */
function namesBelow(root: string, ...tests: string[]): string[] {
  const found = execFileSync('find', [root, ...tests, '-printf', '%P\\0'], { encoding: 'latin1' });
  return found.split('\0').slice(0, -1);
}

function copy(from: string, to: string): void {
  execFileSync('sh', ['-c', 'rm -rf "$1" && cp -a "$0" "$1"', from, to]);
}

export async function expectSameAsRsync(trees: Trees, drawn: Input): Promise<void> {
  const other = join(trees.directory, 'other');
  await makeTrees(trees, other, drawn);
  const args = withLists(drawn.args, trees.directory);
  const has = (option: string) => args.includes(option);
  // --size-only accepts equal sizes, but verification does not.
  const unverified = has('--size-only') ? ['--verify=none'] : [];
  const began = Date.now();
  const ours = await runCli([trees.source, trees.destination, ...args, ...unverified]);
  if (ours.status === REFUSED) {
    expect(ours.stderr).toMatch(/contains only excluded entries, but the destination has more/);
    return;
  }
  // rsync maps owners that another option tells it not to keep.
  if (
    ours.status === CONTRADICTED &&
    / maps the (users|groups|owners) .*use only one of them/.test(ours.stderr)
  )
    return;
  const theirs = spawnSync('rsync', rsyncCommand(trees.source, other, rsyncArgs(args)), {
    encoding: 'latin1',
    timeout: RSYNC_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  if (theirs.signal !== null) return;
  if (isKnownDifference(theirs.status, args, trees)) return;
  expect(ours.status, `${ours.output}\nrsync ${theirs.status}: ${theirs.stdout}${theirs.stderr}`).toBe(
    theirs.status,
  );
  const except: Field[] = has('--no-times') ? ['mtime'] : [];
  // Without -X and -A, a replaced file has no attributes, but one that rsync rewrites in place keeps them.
  const also: Field[] = [...(has('-X') ? ['xattr' as const] : []), ...(has('-A') ? ['acl' as const] : [])];
  const differences = await compareTrees(other, trees.destination, { also, except });
  const keepsModes = has('--no-perms');
  const unknown = differences.filter(
    (line) =>
      !isOfBackups(line) &&
      !isOfNow(line, began) &&
      !isWithinWindow(line, args) &&
      !isOfReplaced(line, args) &&
      !(keepsModes && isOfRights(line, has('-X'))),
  );
  expect(unknown).toEqual([]);
  if (has('-n') || ours.status === CANNOT) return;
  // Without times, the next run's quick check finds differences; --delete-excluded deletes the backups of the last.
  const shedsBackups = has('-b') && has('--delete-excluded');
  const knows = !has('-I') && !shedsBackups && (!has('--no-times') || has('-c') || has('--size-only'));
  // The comparison has read everything, which changed access times.
  const again = [...args, '--no-atimes'];
  if (knows) await expectNothingToDo(trees, [...again, ...unverified]);
  const verifying = again.filter((arg) => arg !== '--repair');
  if (!has('--size-only')) await verify(trees, verifying);
}

/** Where anything else is set, this tool sets the time, too, and rsync leaves one that counts as equal. */
function isWithinWindow(line: string, args: readonly string[]): boolean {
  const window = args
    .map((arg) => /^(?:-@|--modify-window=)(\d+)$/.exec(arg)?.[1])
    .find((found) => found !== undefined);
  const [, ...times] = /: mtime (-?\d+) != (-?\d+)$/.exec(line) ?? [];
  if (window === undefined || times.length === 0) return false;
  const [ours = 0, theirs = 0] = times.map((ns) => Math.floor(Number(ns) / 1e9));
  return Math.abs(ours - theirs) <= Number(window);
}

/** Directories of backups are like those of the destination, which rsync has changed by then, or not yet. */
function isOfBackups(line: string): boolean {
  return /^kept(?:\/.*)?: (?:mode|uid|gid) /.test(line);
}

/** Both tools changed entries in a directory whose time they may not restore. */
function isOfNow(line: string, beganMs: number): boolean {
  const [, ...times] = /: mtime (\d+) != (\d+)$/.exec(line) ?? [];
  // File system timestamps lag by up to a tick.
  return (
    times.length > 0 &&
    times.every((ns) => Number(ns) / 1e6 > beganMs - 100 && Number(ns) / 1e6 < Date.now() + 100)
  );
}

/** Only a file with the owner of a new one is rewritten in place; others are replaced, and rsync writes into those too. */
function isOfReplaced(line: string, args: readonly string[]): boolean {
  const isKept = (option: string, field: string): boolean =>
    args.includes(option) && line.includes(`: ${field} `);
  return args.includes('--inplace') && (isKept('--no-owner', 'uid') || isKept('--no-group', 'gid'));
}

/** Without modes, what is replaced or gets another owner keeps set-id bits only for the same one, and no file the sticky bit. */
function isOfRights(line: string, setsAttributes: boolean): boolean {
  const [, ...modes] = /: mode 0o([0-7]+) != 0o([0-7]+)$/.exec(line) ?? [];
  if (modes.length === 0) return false;
  const [theirs, ours] = modes.map((mode) => parseInt(mode, 8)) as [number, number];
  // Where rsync sets attributes, it gives the source's mode, too.
  return setsAttributes || ((theirs & 0o777) === (ours & 0o777) && (theirs & ours) === ours);
}

/** If a file blocks a directory, rsync gives it the directory's time, and fails on the contents. */
function keepsDirectoryOut({ source, destination }: Trees): boolean {
  const kept = new Set(namesBelow(destination, '!', '-type', 'd'));
  return namesBelow(source, '-type', 'd').some((name) => kept.has(name));
}

/** Cases in which rsync gives up or only guesses. */
function isKnownDifference(status: number | null, args: readonly string[], trees: Trees): boolean {
  // 2 is "protocol incompatibility": rsync could not create a hard link group's first name.
  if (status === 2) return true;
  if (args.includes('--ignore-existing') && keepsDirectoryOut(trees)) return true;
  // rsync's dry run looks below an entry that blocks a directory. Ours lists the change.
  return status === CANNOT && args.includes('-n');
}
