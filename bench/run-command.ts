/** Runs one command and measures it: elapsed time, and the CPU time of all its processes. */
import { spawnSync } from 'node:child_process';
import type { Command } from './scenario.ts';

export interface Usage {
  readonly elapsedSec: number;
  readonly userSec: number;
  readonly systemSec: number;
}

/** Bash's `time` includes the CPU time of children, and prints this as the last line of standard error. */
const TIMED = `TIMEFORMAT='%R %U %S'; time "$@"`;
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * A measured command sees little more of the environment than under cron. PERF: NODE_EXTRA_CA_CERTS, which a
 * company's shell may set, makes Node 20 start 40 ms later, whatever it runs.
 */
const KEPT_VARIABLES = /^(?:PATH|HOME|TMPDIR|EFS_SYNC_.*)$/;

export function measureCommand(command: Command): Usage {
  const { status, stderr } = spawnSync('bash', ['-c', TIMED, 'bash', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: OUTPUT_LIMIT_BYTES,
    env: measuredEnvironment(),
  });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}:\n${stderr}`);
  const times = stderr.trimEnd().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const [elapsedSec = Number.NaN, userSec = Number.NaN, systemSec = Number.NaN] = times;
  return { elapsedSec, userSec, systemSec };
}

function measuredEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT_VARIABLES.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/** Runs a command without measuring it, and returns its output. */
export function runCommand(...command: Command): string {
  const { status, stdout, stderr, error } = spawn(command);
  if (status !== 0)
    throw new Error(`${command.join(' ')} ended with ${status}:\n${stderr}`, { cause: error });
  return stdout;
}

/** Whether a comparison reports a difference, by its exit status or its output. */
export function complains(command: Command): boolean {
  const { status, stdout, error } = spawn(command);
  if (error !== undefined) throw error;
  return status !== 0 || stdout !== '';
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' }).status === 0;
}

/** A command that fails if any part of the pipeline fails. */
export function pipeline(script: string): Command {
  return ['bash', '-o', 'pipefail', '-c', script];
}

export function quote(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function spawn([program = '', ...args]: Command) {
  return spawnSync(program, args, { encoding: 'utf8', maxBuffer: OUTPUT_LIMIT_BYTES });
}
