/** The command line as given, without defaults. Every text is latin1, one character per byte. */
import type { ByteString } from '../../model/byte-string.ts';
import type { GivenOption } from '../../model/run/provenance.ts';
import type { AttributeOf, NameOf, ValueOf } from './table/option-declaration.ts';
import type { DeclaredOption } from './table/option-table.ts';

export type { GivenOption };

type FilterOption = Extract<DeclaredOption, { readonly isFilter: true }>;
type ValuedOption = Exclude<DeclaredOption, FilterOption>;

/** `dryRun?: boolean`, `retries?: number` and so on: every option of the table by commander's name for it. */
export type Options = {
  readonly [Each in ValuedOption as AttributeOf<Each['flags']>]?: ValueOf<Each>;
};

/** One use of a filter option. The order of all uses is the order of the rules. */
export interface FilterArgument {
  readonly option: NameOf<FilterOption['flags']>;
  readonly value: string;
}

/** The request to run one source and one destination. */
export interface CommandLine {
  readonly command: 'sync' | 'verify';
  readonly source: string;
  readonly destination: string;
  readonly options: Options;
  readonly filters: readonly FilterArgument[];
  readonly given: readonly GivenOption[];
  readonly task?: TaskIdentity;
}

/** The task file that a command line came from. */
export interface TaskIdentity {
  readonly name: string;
  readonly file: ByteString;
  readonly schedule: string | undefined;
  readonly hooks: { readonly before?: string; readonly after?: string };
}

/** `efs-sync run`: names of task files, and options that override them. */
export interface RunCommandLine extends Pick<CommandLine, 'options' | 'filters' | 'given'> {
  readonly command: 'run';
  readonly files: readonly string[];
}

/** `efs-sync init`: the content of the new task file. */
export interface InitCommandLine extends Pick<CommandLine, 'source' | 'destination' | 'given'> {
  readonly command: 'init';
  readonly file: ByteString;
}

/** `efs-sync preflight`: the sync to check. */
export type PreflightCommandLine = Omit<CommandLine, 'command'> & { readonly command: 'preflight' };

/** `efs-sync status`: a task by its name, by a root, or by both; without operands all tasks. */
export interface StatusCommandLine extends Pick<CommandLine, 'options'> {
  readonly command: 'status';
  readonly operands: readonly string[];
}

/** `efs-sync why`: paths, then a source and a destination or a task file. */
export interface WhyCommandLine extends Pick<CommandLine, 'options' | 'filters' | 'given'> {
  readonly command: 'why';
  readonly operands: readonly string[];
}

export type AnyCommandLine =
  CommandLine | WhyCommandLine | RunCommandLine | InitCommandLine | PreflightCommandLine | StatusCommandLine;
