/**
 * Builds and compares trees in a separate python3 process, so that other code than efs-sync's judges it. It
 * can also do what Node's fs cannot: exact times, exact names, paths of any length.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { namedNodes } from './tree.ts';
import type { Metadata, Tree } from './tree.ts';

export interface FoundEntry {
  readonly path: string;
  readonly kind: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly blocks: number;
  readonly mtimeNs: string;
  readonly atimeNs: string;
  readonly inode: number;
  readonly linkCount: number;
  readonly linkTarget: string | null;
}

export type Field =
  | 'content'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'mtime'
  | 'atime'
  | 'target'
  | 'device'
  | 'links'
  | 'xattr'
  | 'acl'
  | 'blocks';

export interface ComparisonOptions {
  /** Fields beyond kind, content, mode, uid, gid, mtime, target, device and links. */
  readonly also?: readonly Field[];
  readonly except?: readonly Field[];
  /** Paths to skip. */
  readonly ignore?: readonly string[];
  /** Kinds that must not have reached the destination. */
  readonly skippedKinds?: readonly string[];
  readonly keepsExtraneous?: boolean;
  readonly mtimeGranularityNs?: number;
  readonly ignoresDirectoryMtime?: boolean;
}

interface Oracle {
  ask(request: object): Promise<unknown>;
}

let oracle: Oracle | undefined;

function startOracle(): Oracle {
  const script = fileURLToPath(new URL('oracle/server.py', import.meta.url));
  const child = spawn('python3', ['-B', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers: Interface = createInterface({ input: child.stdout });
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  answers.on('line', (line) => {
    const reply = JSON.parse(line) as { value?: unknown; error?: string };
    const next = waiting.shift();
    if (reply.error === undefined) next?.resolve(reply.value);
    else next?.reject(new Error(reply.error));
  });
  child.on('close', (status) => {
    for (const asked of waiting) asked.reject(new Error(`python3 ended with ${String(status)}`));
  });
  child.unref();
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(request, withBigints)}\n`);
      }),
  };
}

function withBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

async function ask(request: object): Promise<unknown> {
  oracle ??= startOracle();
  return oracle.ask(request);
}

/** Writes the tree into `root`: replaces entries of the same names and keeps the rest. */
export async function writeTree(root: string, tree: Tree, meta: Metadata = {}): Promise<void> {
  await ask({ operation: 'write', root, nodes: namedNodes(tree), meta });
}

/** Every path below `root`, and `root` itself as the empty path. */
export async function readTree(root: string): Promise<ReadonlyMap<string, FoundEntry>> {
  const entries = (await ask({ operation: 'survey', root })) as FoundEntry[];
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** One line per difference; none if the trees are the same. */
export async function compareTrees(
  source: string,
  destination: string,
  options: ComparisonOptions = {},
): Promise<string[]> {
  return (await ask({ operation: 'compare', source, destination, options })) as string[];
}

/** Changes a tree at random places; gives the changes. */
export async function mutateTree(root: string, mutations: readonly object[]): Promise<string[]> {
  return (await ask({ operation: 'mutate', root, mutations })) as string[];
}

/** The names, latin1, whose printed forms these are. */
export async function readNames(shown: readonly string[]): Promise<string[]> {
  return (await ask({ operation: 'readNames', shown })) as string[];
}

/** Characters of a printed text, given as latin1, that act on a terminal; there should be none. */
export async function findTerminalControls(printed: string): Promise<string[]> {
  return (await ask({ operation: 'checkLines', printed })) as string[];
}

/** The objects of `--json`, given as latin1, with each name as its exact bytes. */
export async function readEvents(printed: string): Promise<Readonly<Record<string, unknown>>[]> {
  return (await ask({ operation: 'readEvents', printed })) as Readonly<Record<string, unknown>>[];
}
