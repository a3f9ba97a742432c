/** Reads `efs-sync status --json` and the files of a history. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCli } from './run-cli.ts';
import { run, sync, type Trees } from './scenario.ts';

export interface ToldTask {
  readonly event: 'task';
  readonly task?: string;
  readonly source: string;
  readonly status: string;
  readonly forecast?: { readonly elapsedMs: number; readonly runs: number };
  readonly timeLeft?: { readonly elapsedMs: number };
}

export interface ToldExecution {
  readonly event: 'execution';
  readonly command: string;
  readonly status: string;
  readonly isRunning: boolean;
  readonly pid?: number;
  readonly exitStatus?: number;
  readonly reason?: string;
  readonly tally: Readonly<Record<string, number>>;
}

export interface ToldHistory {
  readonly tasks: readonly ToldTask[];
  readonly executions: readonly ToldExecution[];
}

/** Expects that status can read everything: any output on standard error fails the test. */
export async function readStatus(state: string, operands: readonly string[] = []): Promise<ToldHistory> {
  const { status, stdout, stderr } = await runCli(['status', '--json', `--state-dir=${state}`, ...operands]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.split('\n').filter((line) => line !== '');
  const told = lines.map((line) => JSON.parse(line) as ToldTask | ToldExecution);
  return {
    tasks: told.filter((each) => each.event === 'task'),
    executions: told.filter((each) => each.event === 'execution'),
  };
}

export function historyFiles(state: string): string[] {
  return readdirSync(join(state, 'history'));
}

export function stateOf({ directory }: Trees): string {
  return join(directory, 'state');
}

export async function showStatus(trees: Trees, operands: readonly string[] = [], status = 0) {
  return run(['status', `--state-dir=${stateOf(trees)}`, ...operands], { status });
}

export async function record(trees: Trees, args: readonly string[] = [], status = 0): Promise<void> {
  await sync(trees, ['-q', `--state-dir=${stateOf(trees)}`, ...args], { status });
}
