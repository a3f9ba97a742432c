/** Which calls of a run fail, and how; and a record of the calls that were made, to choose from. */
import { isOpenForWriting, targetsOf } from './call-target.ts';
import { siteOf } from './call-sites.ts';

export interface Fault {
  readonly call: string;
  /** The place in the code; undefined: anywhere. */
  readonly site?: string;
  /** Counts from 1, among the run's calls of that name and site. */
  readonly nth: number;
  /**
   * An error name, or `short` for a call that moves fewer bytes than requested, or `nothing` for one that
   * moves none and returns no error.
   */
  readonly kind: string;
  /** `always`: this call and all later ones of its name. `there`: only those on the same paths. */
  readonly lasts: 'once' | 'always' | 'there';
  /** `after`: the call takes effect, but its reply is lost. */
  readonly timing: 'instead' | 'after';
}

export interface MadeCall {
  readonly call: string;
  readonly nth: number;
  readonly phase: string;
  /** Absolute paths; only for failed calls, listings and recordings. */
  readonly targets: readonly string[];
  /** Only for recordings. */
  readonly site?: string;
}

export interface FailedCall extends MadeCall, Pick<Fault, 'kind' | 'lasts'> {
  /** The call's file was open for writing. */
  readonly isWritten: boolean;
}

/** Listings decide what may be deleted. */
const LISTING = 'getdents64';

export class Faults {
  /** Set by the observer of the run. */
  phase = 'start';
  readonly made: MadeCall[] = [];
  readonly failed: FailedCall[] = [];
  readonly #faults: readonly Due[];
  readonly #circumstances: readonly Due[];
  readonly #counts = new Map<string, number>();

  /** @param circumstances failures that are part of the scenario, such as a full disk */
  constructor(faults: readonly Fault[] = [], circumstances: readonly Fault[] = []) {
    this.#faults = faults.map((fault) => new Due(fault));
    this.#circumstances = circumstances.map((fault) => new Due(fault));
  }

  /** Counts the call, and returns the fault that is due. */
  next(call: string, args: readonly unknown[]): Fault | undefined {
    const nth = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, nth);
    const about = new CallAbout(this.phase, call, args);
    const isDue = (one: Due) => one.fault.call === call && one.isDue(nth, about);
    const due = this.#faults.find(isDue);
    const made = this.note(
      { call, nth, phase: this.phase, targets: due || call === LISTING ? about.targets : [] },
      about,
    );
    this.made.push(made);
    if (due === undefined) return this.#circumstances.find(isDue)?.fault;
    const { kind, lasts } = due.fault;
    this.failed.push({ ...made, kind, lasts, isWritten: isOpenForWriting(args[0]) });
    return due.fault;
  }

  protected note(made: MadeCall, _about: CallAbout): MadeCall {
    return made;
  }
}

/** Records the paths and the site of every call. */
export class Recording extends Faults {
  protected override note(made: MadeCall, { targets, site }: CallAbout): MadeCall {
    return { ...made, targets, site };
  }
}

/** Lazy, because finding these costs calls and time. */
class CallAbout {
  readonly #phase: string;
  readonly #call: string;
  readonly #args: readonly unknown[];
  #targets: readonly string[] | undefined;

  constructor(phase: string, call: string, args: readonly unknown[]) {
    this.#phase = phase;
    this.#call = call;
    this.#args = args;
  }

  get targets(): readonly string[] {
    return (this.#targets ??= targetsOf(this.#call, this.#args));
  }

  get site(): string {
    return siteOf(this.#phase, this.targets);
  }
}

/** A fault and its progress. */
class Due {
  readonly fault: Fault;
  #atSite = 0;
  /** The paths where it first struck. */
  #place: string | undefined;

  constructor(fault: Fault) {
    this.fault = fault;
  }

  isDue(nth: number, about: CallAbout): boolean {
    const { nth: first, lasts, site } = this.fault;
    if (lasts === 'there' && this.#place !== undefined) return placeOf(about) === this.#place;
    const count = site === undefined ? nth : site === about.site ? ++this.#atSite : 0;
    if (count !== first) return lasts === 'always' && count > first;
    if (lasts === 'there') this.#place = placeOf(about);
    return true;
  }
}

/** All temporaries of a directory count as one path, because each retry has a new one. */
function placeOf({ targets }: CallAbout): string {
  return targets.map((path) => path.replaceAll(/\.efs-sync-[^/]*/g, '')).join('\0');
}

let current: Faults | undefined;

/** The faults of the current run; undefined between runs. */
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
