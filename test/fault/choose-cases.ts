/** Cases in an order drawn from a seed, and how many of them a run of the tests has time for. */
import type { Fault, MadeCall } from './faults.ts';
import { faultsOf } from './matrix.ts';

export interface Draw {
  /** From 0 to 1. */
  (): number;
}

/**
 * The matrix: the first, middle and last call of each name and phase. The calls in between come from the same
 * code.
 */
export function wholeMatrix(made: readonly MadeCall[]): Fault[] {
  const groups = new Map<string, MadeCall[]>();
  for (const one of made) {
    const key = `${one.call} ${one.phase}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((calls) => {
    const chosen = new Set([calls[0], calls[Math.floor(calls.length / 2)], calls.at(-1)] as MadeCall[]);
    return [...chosen].flatMap(({ call, nth }) => Array.from(faultsOf(call, nth)));
  });
}

export function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  return items
    .map((item) => ({ item, order: draw() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Any call, sometimes with a second one, such as a call that cleans up after the first. */
export function anyFaults(made: readonly MadeCall[], draw: Draw): Fault[] {
  const first = anyFault(made, draw);
  return draw() < 0.5 ? [first] : [first, anyFault(made, draw)];
}

function anyFault(made: readonly MadeCall[], draw: Draw): Fault {
  for (;;) {
    const { call, nth } = pick(made, draw);
    const faults = [...faultsOf(call, nth)];
    if (faults.length > 0) return pick(faults, draw);
  }
}

export function pick<T>(items: readonly T[], draw: Draw): T {
  return items[Math.floor(draw() * items.length)] as T;
}
