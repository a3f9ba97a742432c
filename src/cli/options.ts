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
  readonly logFile?: string;
  readonly report?: string;

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
  readonly requireMount?: boolean;
  readonly requireTls?: boolean;
  readonly stateDir?: string;
}

/** One use of a filter option; the order of all of them is the order of the rules. */
export interface FilterArgument {
  readonly option: 'exclude' | 'include' | 'exclude-from' | 'include-from';
  readonly value: string;
}

export interface CommandLine {
  readonly command: 'sync' | 'verify';
  readonly source: string;
  readonly destination: string;
  readonly options: Options;
  readonly filters: readonly FilterArgument[];
}
