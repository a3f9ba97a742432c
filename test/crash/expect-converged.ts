/** After a run was ended by force: what must hold at once, and after the next run. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import { cleanEnvironment, runCli } from '../support/run-cli.ts';
import { expectSame } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { rsync } from '../support/rsync.ts';
import { halfFiles, isOwnName, type Contents } from './trees.ts';

export async function expectNothingHalf(trees: Trees, before: Contents): Promise<void> {
  expect(await halfFiles(trees, before)).toEqual([]);
}

/** A plain run finishes the job, as judged by rsync and the oracle, and leaves nothing behind. */
export async function expectConverged(trees: Trees, args: readonly string[]): Promise<void> {
  const { status, output } = await runCli([trees.source, trees.destination, ...args], spooling(trees));
  expect(status, output).toBe(0);
  await expectSame(trees);
  expect(rsync(trees.source, trees.destination, ['-ani', '--delete', '--checksum', '--no-g', '-g'])).toBe('');
  expect(leftovers(trees)).toEqual([]);
}

/** Puts the plan's spool where leftovers would be noticed. */
export function spooling({ directory }: Trees): { env: Record<string, string> } {
  return { env: { TMPDIR: directory } };
}

export function resetDestination({ destination }: Trees): void {
  rmSync(destination, { recursive: true });
  mkdirSync(destination);
}

export function leftovers({ directory }: Trees): string[] {
  const places = [directory, cleanEnvironment()['XDG_STATE_HOME'] as string];
  const names = places.flatMap((place) => readdirSync(place, { recursive: true, encoding: 'latin1' }));
  return names.filter(isOwnName);
}
