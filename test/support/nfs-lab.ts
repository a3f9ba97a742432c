/** A pair of trees on real NFS servers, with access to the servers' own files and to faults. */
import { execFileSync, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { areMountsUnderTest } from './nfs-mounts.ts';
import { compareTrees, readTree, writeTree } from './oracle.ts';
import { test as base } from './scenario.ts';
import type { Trees } from './scenario.ts';
import { dir, file } from './tree.ts';
import type { NamedNode } from './tree.ts';

const COMMANDS = ['disk', 'exec', 'export', 'fill', 'latency', 'mount', 'net', 'server', 'setquota'];

/** Whether the servers behind the mounts can inject faults and show their files. */
export function hasLab(): boolean {
  if (!areMountsUnderTest()) return false;
  const { LAB_SRC_SRV = '', LAB_DST_SRV = '' } = process.env;
  const script = COMMANDS.map((command) => `command -v lab-${command}`).join(' && ');
  return existsSync(LAB_SRC_SRV) && existsSync(LAB_DST_SRV) && spawnSync('sh', ['-c', script]).status === 0;
}

/** `lab('server stop efs')` */
export function lab(command: string): void {
  const [name, ...args] = command.split(' ');
  execFileSync(`lab-${String(name)}`, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs `body` in the state that the first command makes; the second command reverts it. */
export async function withLab<T>(fault: string, cure: string, body: () => Promise<T>): Promise<T> {
  lab(fault);
  try {
    return await body();
  } finally {
    lab(cure);
  }
}

/** Drops this machine's caches, which the servers share, except for files in use. */
export function forgetCaches(): void {
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

/** A directory of a mount, as its server sees it. */
function onServer(path: string, mount: string | undefined, exported: string | undefined): string {
  if (mount === undefined || exported === undefined) throw new Error('there is no lab');
  return join(exported, relative(mount, path));
}

export interface LabTrees extends Trees {
  readonly onServers: { readonly source: string; readonly destination: string };
}

export const test = base.extend<{ nfs: LabTrees }>({
  nfs: async ({ trees }, use) => {
    const { LAB_SRC, LAB_SRC_SRV, LAB_DST, LAB_DST_SRV } = process.env;
    const onServers = {
      source: onServer(trees.source, LAB_SRC, LAB_SRC_SRV),
      destination: onServer(trees.destination, LAB_DST, LAB_DST_SRV),
    };
    await use({ ...trees, onServers });
  },
});

/** Compares on the servers: the trees are equal, so that no temporary is left either. */
export async function expectSameOnServers({ onServers }: Pick<LabTrees, 'onServers'>): Promise<void> {
  expect(await compareTrees(onServers.source, onServers.destination)).toEqual([]);
}

/** The destination has exactly these names, and so no temporaries. */
export async function expectNames({ onServers }: LabTrees, names: readonly string[]): Promise<void> {
  expect([...(await readTree(onServers.destination)).keys()].filter((path) => path !== '')).toEqual(names);
}

/** A sync of the files from `writeSome` takes about three seconds. */
export const SLOWLY: readonly string[] = ['--bwlimit=100'];

export async function writeSome({ onServers }: LabTrees): Promise<void> {
  const files = Array.from({ length: 30 }, (_, index): NamedNode => [`f${index}`, file('x'.repeat(5_000))]);
  // A directory with a subdirectory has its own name from the start.
  const below: NamedNode = ['below', dir({ f: file('x') })];
  await writeTree(onServers.source, {
    d: dir([...files, below]),
    large: file(Buffer.alloc(100_000, 'large')),
  });
}

/** Acts once names appear at the destination. Asks the server, as the client may hang. */
export function onceCopying({ onServers }: LabTrees, act: () => void): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (readdirSync(onServers.destination, { recursive: true }).length < 10) return;
      clearInterval(timer);
      act();
    }, 20);
    child.on('exit', () => {
      clearInterval(timer);
    });
  };
}
