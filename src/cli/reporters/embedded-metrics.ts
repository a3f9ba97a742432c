/** `--emf=FILE`: lines for the CloudWatch agent, one a minute and one at the end; `-` is standard output. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Tally } from '../../model/tally.ts';
import type { Task } from '../../model/task.ts';
import { AppendFile } from '../append-file.ts';
import { decodeName } from '../../model/display-name.ts';
import { toEmbeddedMetrics, type MetricDimensions } from '../metrics/embedded-metrics.ts';
import type { OutputTrouble } from '../output-files.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

const LINE_EVERY_MS = 60_000;

/** @throws UsageError where the file cannot be opened; Interrupted, TimedOut */
export async function createEmbeddedMetricsReporter(
  file: string,
  screen: Screen,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const target = file === '-' ? undefined : await AppendFile.open({ option: 'emf', file }, outputs);
  const write = (line: string): void => (target === undefined ? screen.out(line) : target.append(line));
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
    closed: async () => target?.close(),
  };
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
