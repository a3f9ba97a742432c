/** Destinations that fold or rewrite names, through oddfs, and the names stored behind them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { withOddfs, type Oddfs } from './oddfs.ts';
import type { Trees } from './scenario.ts';

const READ = `import json, os, sys
found = {}
for at, directories, files in os.walk(os.fsencode(sys.argv[1])):
    for name in directories + files:
        path = os.path.join(at, name)
        shown = os.path.relpath(path, os.fsencode(sys.argv[1])).decode('latin1')
        found[shown] = ('-> ' + os.readlink(path).decode('latin1') if os.path.islink(path)
            else open(path).read() if os.path.isfile(path) else '/' if os.path.isdir(path) else '|')
print(json.dumps(found))`;

/** The stored paths and contents, as Python reads them. */
export function stored(backing: string): Record<string, string> {
  return JSON.parse(execFileSync('python3', ['-c', READ, backing], { encoding: 'utf8' })) as Record<
    string,
    string
  >;
}

interface Odd extends Oddfs {
  readonly backing: string;
  readonly trees: Trees;
}

export async function onOddDestination(
  trees: Trees,
  rules: readonly string[],
  use: (odd: Odd) => Promise<void>,
): Promise<void> {
  const backing = join(trees.directory, 'backing');
  mkdirSync(backing);
  await withOddfs({ backing, mountPoint: trees.destination }, rules, (oddfs) =>
    use({ ...oddfs, backing, trees }),
  );
}

export function renameIn({ source }: Trees, names: readonly (readonly [string, string])[]): void {
  for (const [from, to] of names) renameSync(join(source, from), join(source, to));
}
