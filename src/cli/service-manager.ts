/** The service manager that has started the process, where it listens: sd_notify(3). Once a process. */
import { openDatagramSocket } from '../sync.ts';
import { reasonOf } from './error-reason.ts';
import { displayText } from '../model/display-name.ts';

export interface ServiceManager {
  /** Lines `NAME=value`. */
  readonly tell: (...lines: readonly string[]) => void;
}

type Warn = (message: string) => void;

const TIMES_A_DEADLINE = 3;

let manager: ServiceManager | undefined;

/** `warn` hears of the first message that cannot be sent; the run goes on. */
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

/** Where there is a watchdog and it is for this process: sd_watchdog_enabled(3). */
function keepAlive(
  { WATCHDOG_USEC: deadlineUs, WATCHDOG_PID: pid }: NodeJS.ProcessEnv,
  tell: () => void,
): void {
  const everyMs = Number(deadlineUs) / 1000 / TIMES_A_DEADLINE;
  if (!(everyMs > 0) || (pid !== undefined && Number(pid) !== process.pid)) return;
  setInterval(tell, everyMs).unref();
}
