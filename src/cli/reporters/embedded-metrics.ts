/** `--emf=FILE`: lines for the CloudWatch agent, one a minute and one at the end; `-` is standard output. */
import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { UsageError } from '../../errors.ts';
import type { Tally } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';
import { reasonOf } from '../error-reason.ts';
import { decodeName, displayName } from '../../model/display-name.ts';
import { toEmbeddedMetrics, type MetricDimensions } from '../metrics/embedded-metrics.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

const LINE_EVERY_MS = 60_000;

/** `warn` hears of a file that cannot be written any more. @throws UsageError where it never could */
export function createEmbeddedMetricsReporter(
  file: string,
  screen: Screen,
  warn: (message: string) => void,
): PartialReporter {
  const write = writerOf(file, screen, warn);
  let dimensions: MetricDimensions | undefined;
  let before: Tally | undefined;
  let latest: Tally | undefined;
  let nextLineMs = 0;
  const tell = (): void => {
    if (dimensions === undefined || latest === undefined) return;
    write(`${toEmbeddedMetrics(dimensions, Date.now(), { tally: latest, before })}\n`);
    before = latest;
  };
  return {
    started(task) {
      dimensions = dimensionsOf(task);
      nextLineMs = performance.now() + LINE_EVERY_MS;
    },
    progressed(tally) {
      latest = tally;
      if (performance.now() < nextLineMs) return;
      nextLineMs = performance.now() + LINE_EVERY_MS;
      tell();
    },
    finished(report) {
      latest = report.tally;
      tell();
    },
    failed: tell,
  };
}

function writerOf(file: string, screen: Screen, warn: (message: string) => void): (line: string) => void {
  if (file === '-') return (line) => screen.out(line);
  const descriptor = openForAppend(file);
  let isBroken = false;
  return (line) => {
    if (isBroken) return;
    try {
      writeSync(descriptor, line);
    } catch (error) {
      isBroken = true;
      warn(`cannot write --emf=${displayName(file)}: ${reasonOf(error)}; going on without it`);
    }
  };
}

function openForAppend(file: string): number {
  try {
    return openSync(Buffer.from(file, 'latin1'), 'a');
  } catch (error) {
    throw new UsageError(`cannot write --emf=${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

function dimensionsOf({ name, source, destination }: Task): MetricDimensions {
  const pair = createHash('sha256').update(`${source}\0${destination}`, 'latin1').digest('hex').slice(0, 17);
  return {
    HostId: machineId(),
    HostName: hostname(),
    SyncSetId: name === undefined ? `set-${pair}` : decodeName(name).text,
  };
}

/** machine-id(5); a container may have none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim() || hostname();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return hostname();
    throw error;
  }
}
