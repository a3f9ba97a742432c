/** What the coordinators of the phases use of a run: real results and counters, and a reporter that writes down. */
import type { Run, RunSpools } from '../../src/engine/context/run.ts';
import { RunResults } from '../../src/engine/context/run-results.ts';
import { Counters, Counts } from '../../src/flow/counters.ts';
import { shareCells } from '../../src/flow/shared-cells.ts';
import type { ListedChange } from '../../src/model/change.ts';
import type { Mount } from '../../src/model/run/location.ts';
import type { SplitLinks } from '../../src/model/run/report.ts';
import type { Verdict } from '../../src/model/run/verdict.ts';
import type { Settings } from '../../src/model/settings.ts';
import { COUNTER_NAMES } from '../../src/model/tally.ts';
import { TASK } from './reports.ts';

export interface Told {
  readonly verdicts: Verdict[];
  readonly splits: SplitLinks[];
  readonly changes: ListedChange[];
}

export interface RunParts {
  readonly spools: RunSpools;
  readonly settings?: Partial<Settings>;
  readonly destinationMount?: Mount | undefined;
}

/** Every other part of the run is undefined. */
export function partsOfRun(parts: RunParts): { readonly run: Run; readonly told: Told } {
  const told: Told = { verdicts: [], splits: [], changes: [] };
  const { cells } = shareCells({ cells: Counters.sizeBytes(COUNTER_NAMES, 1) });
  const known: Partial<Record<keyof Run, unknown>> = {
    task: { ...TASK, settings: { ...TASK.settings, ...parts.settings } },
    spools: parts.spools,
    destination: { mount: parts.destinationMount },
    counters: new Counts(new Counters(COUNTER_NAMES, cells, 0)),
    results: new RunResults(),
    reporter: {
      verdict: (verdict: Verdict) => told.verdicts.push(verdict),
      linksSplit: (split: SplitLinks) => told.splits.push(split),
      changed: (change: ListedChange) => told.changes.push(change),
    },
  };
  return { run: known as Run, told };
}
