/** Made-up reports, for tests of their presentation. */
import { NOTHING_BELOW, type Verdict } from '../../src/model/run/verdict.ts';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import type { Problem } from '../../src/model/run/problem.ts';
import type { Mount } from '../../src/model/run/location.ts';
import type { Provenance } from '../../src/model/run/provenance.ts';
import type { Report } from '../../src/model/run/report.ts';
import { type Tally, COUNTER_NAMES, type CounterName } from '../../src/model/tally.ts';
import type { Task } from '../../src/model/task.ts';
import { coverageOf } from '../../src/policy/assess-coverage.ts';
import { outcomeOfRun } from '../../src/policy/decide-outcome.ts';

export const TASK: Task = {
  source: '/mnt/nfs',
  destination: '/mnt/efs',
  settings: { ...DEFAULT_SETTINGS, stateDirectory: '/state', spoolDirectory: '/tmp' },
};

const MOUNT: Mount = {
  mountId: 1,
  parentId: 0,
  device: '0:1',
  mountPoint: '/mnt/nfs',
  rootPath: '/',
  fileSystemType: 'nfs4',
  source: 'nas:/export',
  options: ['rw'],
  superOptions: ['vers=4.2'],
  isRemote: true,
};

export const PROVENANCE: Provenance = {
  host: 'nas-client',
  user: 'root',
  uid: 0,
  options: [{ key: 'delete', value: true, origin: 'command line' }],
  roots: {
    source: { realPath: '/mnt/nfs', mount: MOUNT },
    destination: { realPath: '/efs', mount: undefined },
  },
};

export function tallyOf(counts: Partial<Record<CounterName, number>> = {}): Tally {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, counts[name] ?? 0])) as Tally;
}

export type ReportParts = Partial<Omit<Report, 'tally'>> & {
  readonly tally?: Partial<Tally>;
  readonly isInterrupted?: boolean;
};

/** A run that did nothing and had no trouble, except for the parts given. */
export function reportOf({ isInterrupted = false, ...parts }: ReportParts = {}): Report {
  const found = {
    problemCounts: { failed: 0, vanished: 0, changed: 0 },
    verdictCounts: {},
    deleteLimitReached: false,
    ...parts,
    tally: tallyOf(parts.tally),
  };
  const { task = TASK, command = 'sync' } = parts;
  const { settings } = task;
  const hasVerified =
    !isInterrupted && command !== 'prepare' && (command === 'verify' || settings.verify !== 'none');
  return {
    task,
    command,
    outcome: outcomeOfRun(found, isInterrupted ? 'signal' : undefined),
    provenance: PROVENANCE,
    coverage: coverageOf({ command, tally: found.tally, settings, hasVerified, mapped: undefined }),
    startedAt: new Date(0),
    elapsedMs: 12_345,
    phases: [],
    problems: [],
    verdicts: [],
    missingBelow: NOTHING_BELOW,
    notes: [],
    ...found,
  };
}

export const PROBLEM: Problem = {
  class: 'failed',
  phase: 'syncing',
  side: 'source',
  path: 'd/f',
  attempt: 'copy',
  code: 'EACCES',
  reason: 'Permission denied',
};

export const VERDICT: Verdict = {
  class: 'content mismatch',
  path: 'd/f',
  differences: 16,
  detail: 'xxh64 1 is not 2',
  sourceDigest: '1',
  destinationDigest: '2',
};
