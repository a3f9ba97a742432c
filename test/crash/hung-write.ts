/** Ends a run in the middle of a file: its third write hangs, so that the moment is always the same. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';
import type { Trees } from '../support/scenario.ts';

const WRITES_BEFORE = 2;

export interface HungRun {
  readonly args: readonly string[];
  /** Where the write hangs, relative to the destination; default: in any file. */
  readonly pathGlob?: string;
  /** What to do while it hangs; default: kill the run. */
  readonly whileHung?: 'kill' | 'wait' | (() => void);
}

/** Leaves the destination as it is when the run ends. */
export async function runWithHungWrite(trees: Trees, run: HungRun): Promise<CliResult> {
  const { args, pathGlob, whileHung = 'kill' } = run;
  const mountPoint = join(trees.directory, 'hanging');
  return withLatfs({ backing: trees.destination, mountPoint }, [], async (latfs) => {
    const where = pathGlob === undefined ? [] : [`path_glob=${pathGlob}`];
    latfs.ctl('op=write', 'action=hang', `after=${WRITES_BEFORE}`, ...where);
    const state = { hasEnded: false };
    const ended = runCli([trees.source, mountPoint, '--verify=none', ...args], {
      onStart: (child) => {
        child.on('exit', () => (state.hasEnded = true));
        if (whileHung === 'wait') return;
        void (async () => {
          while (!state.hasEnded && latfs.stats().hung === 0) await sleep(20);
          if (whileHung === 'kill') child.kill('SIGKILL');
          else {
            whileHung();
            latfs.ctl('unhang');
          }
        })();
      },
    });
    const result = await ended;
    expect(latfs.stats().ops['write']?.faults, result.output).toBeGreaterThan(0);
    return result;
  });
}
