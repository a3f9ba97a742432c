/** Which calls of a run fail, and how; and a record of the calls that were made, to choose from. */
import { targetsOf } from './call-target.ts';

export interface Fault {
  readonly call: string;
  /** From 1, among the run's calls of that name. */
  readonly nth: number;
  /**
   * An error's name; or `short`: the call moves less than it was asked for; or `nothing`: it moves nothing,
   * without an error.
   */
  readonly kind: string;
  /** `always`: that one and every later one of its name. */
  readonly lasts: 'once' | 'always';
  /** `after`: it was done all the same, as when the reply is lost. */
  readonly timing: 'instead' | 'after';
}

/** A call as it was made. */
export interface MadeCall {
  readonly call: string;
  readonly nth: number;
  readonly phase: string;
  /** Absolute paths, only of calls that fail and of listings: to find them out takes calls of its own. */
  readonly targets: readonly string[];
}

export interface FailedCall extends MadeCall {
  readonly kind: string;
}

/** What was listed decides what may be deleted. */
const LISTING = 'getdents64';

export class Faults {
  /** Set by whoever watches the run. */
  phase = 'start';
  readonly made: MadeCall[] = [];
  readonly failed: FailedCall[] = [];
  readonly #faults: readonly Fault[];
  readonly #counts = new Map<string, number>();

  readonly #circumstances: readonly Fault[];

  /** @param circumstances fail too, and are what the machine is like */
  constructor(faults: readonly Fault[] = [], circumstances: readonly Fault[] = []) {
    this.#faults = faults;
    this.#circumstances = circumstances;
  }

  /** Counts the call; gives the fault that is due. */
  next(call: string, args: readonly unknown[]): Fault | undefined {
    const nth = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, nth);
    const isWanted = (one: Fault) => one.call === call && isDue(one, nth);
    const fault = this.#faults.find(isWanted);
    const targets = fault === undefined && call !== LISTING ? [] : targetsOf(call, args);
    const made = { call, nth, phase: this.phase, targets };
    this.made.push(made);
    if (fault !== undefined) this.failed.push({ ...made, kind: fault.kind });
    return fault ?? this.#circumstances.find(isWanted);
  }
}

function isDue({ nth: first, lasts }: Fault, nth: number): boolean {
  return nth === first || (lasts === 'always' && nth > first);
}

let current: Faults | undefined;

/** The faults of the run under way; undefined: calls are the tests' own. */
export function currentFaults(): Faults | undefined {
  return current;
}

export async function withFaults<T>(faults: Faults, act: () => Promise<T>): Promise<T> {
  current = faults;
  try {
    return await act();
  } finally {
    current = undefined;
  }
}
