/**
 * Tells the service manager that has started the process, if it listens (sd_notify(3)), that a run has begun,
 * its progress, and how it ended; `systemctl status` shows it.
 */
import { capitalized } from '../text/quantities.ts';
import { errorLine } from '../text/sentences.ts';
import { headlineOf } from '../text/headline.ts';
import type { PartialReporter } from './command-reporter.ts';
import { createPlainReporter } from './progress-lines.ts';
import { openDatagramSocket } from '../../filesystem/operator-files/datagram-socket.ts';
import { reasonOf } from '../error-reason.ts';
import { displayText } from '../../model/display-name.ts';

const STATUS_EVERY_MS = 1000;

export function createServiceReporter(manager: ServiceManager): PartialReporter {
  const show = (text: string): void => manager.tell(`STATUS=${text.trimEnd().split('\n').at(-1) ?? ''}`);
  const lines = createPlainReporter({ out: show }, STATUS_EVERY_MS);
  return {
    ...lines,
    // Without READY the service's start would time out.
    waiting: () => manager.tell('READY=1', 'STATUS=Waiting for another sync of this destination to finish'),
    started(task, provenance) {
      lines.started?.(task, provenance);
      manager.tell('READY=1', 'STATUS=Starting');
    },
    phaseStarted(phase) {
      lines.phaseStarted?.(phase);
      show(capitalized(phase));
    },
    stopping: () => manager.tell('STOPPING=1', 'STATUS=Stopping and cleaning up'),
    finished: (report) => show(headlineOf(report)),
    failed: (error) => show(`Error: ${errorLine(error)}`),
  };
}

export interface ServiceManager {
  /** Lines of the form `NAME=value`. */
  readonly tell: (...lines: readonly string[]) => void;
}

type Warn = (message: string) => void;

const TIMES_A_DEADLINE = 3;

/** One per process. */
let manager: ServiceManager | undefined;

/** `warn` is called for the first message that cannot be sent; the run goes on. */
export function serviceManagerAt(address: string, warn: Warn): ServiceManager {
  if (manager !== undefined) return manager;
  manager = connect(address, warn);
  const { tell } = manager;
  keepAlive(process.env, () => tell('WATCHDOG=1'));
  process.once('exit', () => tell('STOPPING=1'));
  return manager;
}

function connect(address: string, warn: Warn): ServiceManager {
  let send: ((message: string) => void) | undefined;
  let isWarned = false;
  return {
    tell(...lines) {
      try {
        send ??= openDatagramSocket(address);
        send(lines.join('\n'));
      } catch (error) {
        if (!isWarned) warn(`cannot notify NOTIFY_SOCKET=${displayText(address)}: ${reasonOf(error)}`);
        isWarned = true;
      }
    },
  };
}

/** Only if there is a watchdog and it is for this process: sd_watchdog_enabled(3). */
function keepAlive(
  { WATCHDOG_USEC: deadlineUs, WATCHDOG_PID: pid }: NodeJS.ProcessEnv,
  tell: () => void,
): void {
  const everyMs = Number(deadlineUs) / 1000 / TIMES_A_DEADLINE;
  if (!(everyMs > 0) || (pid !== undefined && Number(pid) !== process.pid)) return;
  setInterval(tell, everyMs).unref();
}
