/** The first signal asks the run to stop and tidy up; the second ends the process at once. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns the signal the run gets, and a function that restores what was before. */
export function watchSignals(onFirst: (name: string) => void): { signal: AbortSignal; unwatch: () => void } {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    unwatch();
    // Node restores the default action with the last listener, so the next one kills.
    controller.abort(name);
    onFirst(name);
  };
  const unwatch = (): void => {
    for (const name of SIGNALS) process.removeListener(name, handle);
  };
  for (const name of SIGNALS) process.on(name, handle);
  return { signal: controller.signal, unwatch };
}
