/** Runs efs-sync as a user does, in a separate process. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NOBODY = 65_534;

/** Another installation can run the same tests: `EFS_SYNC_TEST_CLI=/usr/lib/…/bin/efs-sync.js`. */
export const CLI =
  process.env['EFS_SYNC_TEST_CLI'] ?? fileURLToPath(new URL('../../bin/efs-sync.js', import.meta.url));

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly asNobody?: boolean;
  readonly input?: string;
  /** Called with the running process, to signal it. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface CliResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Nothing of the tester's environment but the search path; each user has a private state directory. */
export function cleanEnvironment(user = 'self'): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    XDG_STATE_HOME: join(process.env['EFS_SYNC_TEST_DISK'] ?? '/nonexistent', 'state', user),
    LC_ALL: 'C.UTF-8',
  };
}

/** For strace, which sees no calls through io_uring, as those to a busy disk may be. */
export function tracedEnvironment(): Record<string, string> {
  return { ...cleanEnvironment(), EFS_SYNC_IO_URING: '0' };
}

export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? '/',
    env: { ...cleanEnvironment(options.asNobody === true ? 'nobody' : 'self'), ...options.env },
    ...(options.asNobody === true ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const printed = Promise.all([collect(child.stdout), collect(child.stderr)]);
  child.stdin.end(options.input ?? '');
  options.onStart?.(child);
  const [status, signal] = await ended(child);
  const [stdout, stderr] = await printed;
  return { status, signal, stdout, stderr, output: stdout + stderr };
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve([status, signal]);
    });
  });
}
