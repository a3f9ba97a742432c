/**
 * The first signal asks the run to stop and tidy up; the second ends the process at once. SIGUSR1 only asks
 * for progress.
 */
import { closeSync, constants, openSync } from 'node:fs';
import type { Patience } from '../flow/patience.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface SignalHandlers {
  readonly onFirst: (name: string) => void;
  /** Handles SIGHUP instead, unless a terminal hung up. */
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
    ignore(stop);
    // Node restores the default action with the last listener, so the next signal kills.
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
    // The handler from bin/efs-sync.js stays installed, as Node would otherwise handle the signal itself.
    process.removeListener('SIGUSR1', onProgressAsked);
    ignore(stop);
    ignore(hangUp);
  };
  return { signal: controller.signal, unwatch };
}

function ignore(handler: NodeJS.SignalsListener): void {
  for (const name of SIGNALS) process.removeListener(name, handler);
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
