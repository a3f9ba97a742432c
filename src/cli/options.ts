/** What the command line said, before it is completed. Every text is latin1, one character a byte. */
import type { DeleteLimit, DigestName, Overwrite, VerifyMode } from '../model/settings.ts';
import type { PreserveList } from './preserve-list.ts';

export interface Options {
  readonly dryRun?: boolean;
  readonly itemizeChanges?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly stats?: boolean;
  readonly progress?: boolean;
  readonly json?: boolean;
  readonly color?: 'auto' | 'always' | 'never';
  readonly printConfig?: boolean;
  readonly scan?: boolean;
  readonly logFile?: string;
  readonly report?: string;
  readonly metrics?: string;
  readonly emf?: string;
  readonly manifest?: string;

  readonly checksum?: boolean;
  readonly sizeOnly?: boolean;
  readonly update?: boolean;
  readonly ignoreExisting?: boolean;
  readonly existing?: boolean;
  readonly overwrite?: Overwrite;
  readonly delete?: boolean;
  readonly deleteExcluded?: boolean;
  readonly maxDelete?: DeleteLimit;
  readonly force?: boolean;

  readonly filesFrom?: string;
  readonly from0?: boolean;
  readonly maxSize?: number;
  readonly minSize?: number;
  readonly oneFileSystem?: boolean;

  readonly preserve?: PreserveList;
  readonly chown?: string;
  readonly acls?: boolean;
  readonly xattrs?: boolean;
  readonly atimes?: boolean;
  readonly devices?: boolean;
  readonly specials?: boolean;
  readonly D?: boolean;
  readonly archive?: boolean;
  readonly recursive?: boolean;
  readonly perms?: boolean;
  readonly times?: boolean;
  readonly owner?: boolean;
  readonly group?: boolean;

  /** False for `--no-verify`. */
  readonly verify?: VerifyMode | false;
  readonly digest?: DigestName;
  readonly inplace?: boolean;
  readonly partial?: boolean;
  readonly P?: boolean;
  readonly fsync?: boolean;
  readonly bwlimit?: number;
  readonly opslimit?: number;
  readonly limitsFile?: string;
  readonly concurrency?: number | 'auto';
  readonly retries?: number;
  readonly timeout?: number;
  /** Seconds; Infinity for `--wait` by itself. */
  readonly wait?: number;
  readonly requireMount?: boolean;
  readonly requireFile?: string;
  readonly requireTls?: boolean;
  readonly sourceSnapshot?: string;
  readonly stateDir?: string;
}

/** One use of a filter option; the order of all of them is the order of the rules. */
export interface FilterArgument {
  readonly option: 'exclude' | 'include' | 'exclude-from' | 'include-from';
  readonly value: string;
}

/** An option or operand as it was given, for people to see what came from where. */
export interface GivenOption {
  /** The option's name without its dashes. */
  readonly key: string;
  /** Latin1; true for an option without a value, false for one that was taken back. */
  readonly value: string | boolean;
  /** `command line`, or file and line. */
  readonly origin: string;
}

/** What a run of one source and one destination was asked to do. */
export interface CommandLine {
  readonly command: 'sync' | 'verify';
  readonly source: string;
  readonly destination: string;
  readonly options: Options;
  readonly filters: readonly FilterArgument[];
  readonly given: readonly GivenOption[];
  readonly task?: TaskIdentity;
}

/** Where a command line came from a task file. */
export interface TaskIdentity {
  readonly name: string;
  readonly file: string;
  readonly schedule: string | undefined;
  readonly hooks: { readonly before?: string; readonly after?: string };
}

/** `efs-sync run`: tasks by their files, and what the command line says over all of them. */
export interface RunCommandLine extends Pick<CommandLine, 'options' | 'filters' | 'given'> {
  readonly command: 'run';
  readonly files: readonly string[];
}

/** `efs-sync init`: a task file to be, as the command line describes it. */
export interface InitCommandLine extends Pick<CommandLine, 'source' | 'destination' | 'given'> {
  readonly command: 'init';
  readonly file: string;
}

/** `efs-sync preflight`: what a sync with these options would meet. */
export type PreflightCommandLine = Omit<CommandLine, 'command'> & { readonly command: 'preflight' };

/** `efs-sync status`: a task by its name, by a root, or by both; none is all of them. */
export interface StatusCommandLine extends Pick<CommandLine, 'options'> {
  readonly command: 'status';
  readonly operands: readonly string[];
}

export type AnyCommandLine =
  CommandLine | RunCommandLine | InitCommandLine | PreflightCommandLine | StatusCommandLine;
