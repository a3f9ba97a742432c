/**
 * The first signal asks the run to stop and tidy up; the second ends the process at once. SIGUSR1 only asks
 * for progress.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Patience } from '../flow/patience.ts';

const STOPPING = ['SIGINT', 'SIGTERM'] as const;

/**
 * nohup(1) has SIGHUP ignored, which Node undoes before any of our code runs. What it leaves to see: none of these is a
 * terminal.
 */
const STANDARD_STREAMS = [0, 1, 2] as const;

interface SignalHandlers {
  readonly onFirst: (name: string) => void;
  /** Handles SIGHUP, which stops the run otherwise. A terminal that hangs up stops it all the same, if it is used. */
  readonly onHangup: (() => void) | undefined;
  readonly onProgressAsked: () => void;
}

/** Gives the run's abort signal, and a function that restores the earlier handlers. */
export function watchSignals({ onFirst, onHangup, onProgressAsked }: SignalHandlers): {
  signal: AbortSignal;
  unwatch: () => void;
} {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    for (const each of STOPPING) process.removeListener(each, stop);
    // Node restores the default action with the last listener, so the next signal kills.
    if (onHangup === undefined) process.removeListener('SIGHUP', hangUp);
    controller.abort(name);
    onFirst(name);
  };
  const hadTerminal = hasTerminal();
  const usesTerminal = STANDARD_STREAMS.some((fd) => isatty(fd));
  const hangUp = (): void => {
    const hasHungUp = hadTerminal && !hasTerminal();
    if (hasHungUp && !usesTerminal) return;
    if (hasHungUp || onHangup === undefined) stop('SIGHUP');
    else onHangup();
  };
  for (const name of STOPPING) process.on(name, stop);
  process.on('SIGHUP', hangUp);
  process.on('SIGUSR1', onProgressAsked);
  const unwatch = (): void => {
    // The handler from bin/efs-sync.js stays installed, as Node would otherwise handle the signal itself.
    process.removeListener('SIGUSR1', onProgressAsked);
    for (const each of STOPPING) process.removeListener(each, stop);
    process.removeListener('SIGHUP', hangUp);
  };
  return { signal: controller.signal, unwatch };
}

/** A terminal that has hung up is no longer ours when the signal arrives: tty_ioctl(4), TIOCNOTTY. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}

/**
 * Signals and patience for work before there is a run, which handles signals itself. @throws the error of
 * `work`
 */
export async function patiently<T>(
  timeoutSec: number | undefined,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  const { signal, unwatch } = watchSignals({
    onFirst: () => undefined,
    onHangup: undefined,
    onProgressAsked: () => undefined,
  });
  try {
    return await work({ signal, timeoutMs: (timeoutSec ?? 0) * 1000 });
  } finally {
    unwatch();
  }
}
