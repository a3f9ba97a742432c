/**
 * Who ran a task, on which machine, with which options and mounts: everything a report needs to be understood
 * later.
 */
import type { Location } from './location.ts';
import type { Side } from '../task.ts';

/** An option or operand as given, so that people can see where each value came from. */
export interface GivenOption {
  /** The option's name without its dashes. */
  readonly key: string;
  /** Latin1; true for an option without a value, false for `--no-NAME`. */
  readonly value: string | boolean;
  /** `command line`, or file and line; latin1. */
  readonly origin: string;
}

/** Facts known before a root is opened. */
export interface Origin {
  /** Name of the machine that ran it. */
  readonly host: string;
  /** The user whose rights the run had, by name if the machine has one for that id. */
  readonly user?: string;
  readonly uid: number;
  /** The options given; empty for a program that uses the API. */
  readonly options: readonly GivenOption[];
}

export type RootOrigin = Pick<Location, 'realPath' | 'mount'>;

export interface Provenance extends Origin {
  readonly roots: Readonly<Record<Side, RootOrigin>>;
}
