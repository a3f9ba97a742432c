/** `efs-sync why`, and two trees that have of each kind of difference one. */
import { writeTree } from './oracle.ts';
import { run, type SyncOptions, type Trees } from './scenario.ts';
import { dir, file, symlink } from './tree.ts';

interface Told {
  readonly path: string;
  readonly decision: string;
  readonly reasons: readonly Readonly<Record<string, unknown>>[];
}

async function ask(trees: Trees, paths: readonly string[], args: readonly string[] = []): Promise<string> {
  const { stdout } = await why(trees, paths, args);
  return stdout;
}

export async function why(
  { source, destination }: Trees,
  paths: readonly string[],
  args: readonly string[] = [],
  options: SyncOptions = {},
) {
  return run(['why', ...paths, source, destination, ...args], options);
}

export async function explain(
  trees: Trees,
  paths: readonly string[],
  args: readonly string[] = [],
): Promise<Told[]> {
  const stdout = await ask(trees, paths, ['--json', ...args]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

const EARLY = { mtimeNs: 1_000_000_000_000_000_000n };
const LATE = { mtimeNs: 1_500_000_000_000_000_000n };

/** Of each kind of difference one. */
export async function writeTrees({ source, destination }: Trees): Promise<void> {
  await writeTree(source, {
    same: file('same', EARLY),
    size: file('longer', EARLY),
    time: file('time', LATE),
    older: file('older', EARLY),
    mode: file('mode', { ...EARLY, mode: 0o600 }),
    new: file('new', EARLY),
    kind: file('kind', EARLY),
    link: symlink('same', EARLY),
    'link-new': symlink('../out', EARLY),
    'a.log': file('log', EARLY),
    'b.o': file('', EARLY),
    only: dir({ 'c.o': file('c', EARLY), 'd.c': file('d', EARLY), empty: dir({}, EARLY) }, EARLY),
    both: dir(
      { 'e.o': file('e', EARLY), f: file('f', LATE), '.rsync-filter': file('- *.o\n+ f\n', EARLY) },
      EARLY,
    ),
    logs: dir({ deep: dir({ g: file('g', EARLY) }, EARLY) }, EARLY),
    void: dir({ void: dir({}, EARLY) }, EARLY),
  });
  await writeTree(destination, {
    same: file('same', EARLY),
    size: file('short', EARLY),
    time: file('time', EARLY),
    older: file('newer', LATE),
    mode: file('mode', { ...EARLY, mode: 0o644 }),
    kind: symlink('same', EARLY),
    link: symlink('size', EARLY),
    'a.log': file('older log', EARLY),
    'z.log': file('z', EARLY),
    extra: file('extra', EARLY),
    both: dir({ 'e.o': file('e', EARLY), 'x.o': file('x', EARLY), h: file('h', EARLY) }, EARLY),
    gone: dir(
      { 'i.o': file('i', EARLY), j: file('j', EARLY), deep: dir({ k: file('k', EARLY) }, EARLY) },
      EARLY,
    ),
    logs: dir({ deep: dir({ l: file('l', EARLY) }, EARLY) }, EARLY),
  });
}

/** In the order of the paths: what is printed of each, without the path. */
export async function printed(
  trees: Trees,
  paths: readonly string[],
  args: readonly string[] = [],
): Promise<string[]> {
  const { stdout } = await why(trees, paths, args);
  return stdout
    .replace(/\n$/, '')
    .split('\n\n')
    .map((block) => block.slice(block.indexOf(': ') + 2));
}
