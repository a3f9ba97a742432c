/** The events of a run, one after the other, for a program that waits for each. */
import { Interrupted } from '../model/run/errors.ts';
import type { Reporter } from '../model/run/reporter.ts';
import { type RunOptions, type RunResult, sync } from './run-task.ts';
import type { Path } from './sync-options.ts';

/** What a reporter is told, but for `verified`, which makes a run wait. */
type Told = Omit<Reporter, 'verified'>;

/** `{ type: 'phaseEnded', told: ['syncing', 1234] }`: the reporter's method, and what it gets. */
export type RunEvent = {
  readonly [Type in keyof Told]: { readonly type: Type; readonly told: Parameters<Told[Type]> };
}[keyof Told];

const TYPES: Readonly<Record<keyof Told, true>> = {
  waiting: true,
  started: true,
  advised: true,
  phaseStarted: true,
  progressed: true,
  waitsFor: true,
  phaseEnded: true,
  changed: true,
  skipped: true,
  linksSplit: true,
  limitsChanged: true,
  warned: true,
  problem: true,
  verdict: true,
  repaired: true,
  finished: true,
};

/**
 * A sync, as its events; its value is the result. Leaving the loop stops the run, and waits for its end. The run does
 * not wait for whoever reads: events that are not read yet are kept. @throws as `sync`
 */
export async function* follow(
  source: Path,
  destination: Path,
  { signal, reporter, ...options }: RunOptions = {},
): AsyncGenerator<RunEvent, RunResult, undefined> {
  const left = new AbortController();
  const events: RunEvent[] = [];
  let wake: (() => void) | undefined;
  const told = (event: RunEvent): void => {
    events.push(event);
    wake?.();
  };
  const stop = () => left.abort(signal?.reason);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  let isOver = false;
  const run = sync(source, destination, {
    ...options,
    reporter: { ...reporter, ...telling(told) },
    signal: left.signal,
  });
  const end = (): void => {
    isOver = true;
    wake?.();
  };
  run.then(end, end);
  try {
    for (;;) {
      yield* events.splice(0);
      if (isOver && events.length === 0) return await run;
      if (events.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isOver) resolve();
      });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    left.abort();
    await run.catch(unlessInterrupted);
  }
}

/** That is what leaving the loop asks for. */
function unlessInterrupted(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}

function telling(tell: (event: RunEvent) => void): Partial<Reporter> {
  const methods = Object.keys(TYPES).map((type) => [
    type,
    (...told: unknown[]) => tell({ type, told } as unknown as RunEvent),
  ]);
  return Object.fromEntries(methods) as Partial<Reporter>;
}
