/** The first signal asks the run to stop and tidy up; the second ends the process at once. SIGUSR1 only asks. */
import { closeSync, constants, openSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface SignalHandlers {
  readonly onFirst: (name: string) => void;
  /** Takes SIGHUP instead, unless a terminal hung up. */
  readonly onHangup: (() => void) | undefined;
  readonly onProgressAsked: () => void;
}

/** Returns the signal the run gets, and a function that restores what was before. */
export function watchSignals({ onFirst, onHangup, onProgressAsked }: SignalHandlers): {
  signal: AbortSignal;
  unwatch: () => void;
} {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    ignore(stop);
    // Node restores the default action with the last listener, so the next one kills.
    controller.abort(name);
    onFirst(name);
  };
  const hadTerminal = onHangup !== undefined && hasTerminal();
  const hangUp = (): void => {
    if (hadTerminal && !hasTerminal()) stop('SIGHUP');
    else onHangup?.();
  };
  const stopping = onHangup === undefined ? SIGNALS : (['SIGINT', 'SIGTERM'] as const);
  for (const name of stopping) process.on(name, stop);
  if (onHangup !== undefined) process.on('SIGHUP', hangUp);
  process.on('SIGUSR1', onProgressAsked);
  const unwatch = (): void => {
    // The handler that bin/efs-sync.js installed stays, so that Node never takes the signal.
    process.removeListener('SIGUSR1', onProgressAsked);
    ignore(stop);
    ignore(hangUp);
  };
  return { signal: controller.signal, unwatch };
}

function ignore(handler: NodeJS.SignalsListener): void {
  for (const name of SIGNALS) process.removeListener(name, handler);
}

/** One that has hung up is nobody's any more by the time the signal comes: tty_ioctl(4), TIOCNOTTY. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
