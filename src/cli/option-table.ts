/** Every option: its flags as the manual has them, what it does, and how its value is read. */
import { parseRate, parseSize } from '../policy/filter/size.ts';
import {
  parseConcurrency,
  parseDeleteLimit,
  parseMetricsFile,
  parseOperations,
  parsePath,
  parseReportFile,
  parseRequiredFile,
  parseRetries,
  parseSnapshotName,
  parseTimeout,
  parseWait,
  VALUE_SCHEMAS,
} from './option-values.ts';
import { parsePreserveList } from './preserve-list.ts';

export interface OptionDeclaration {
  readonly flags: string;
  readonly description: string;
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** What an editor is told of its value, as JSON Schema; text unless told. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** The value that holds where none is given, where it can be given and means the same. */
  readonly standard?: string;
  /** Says what another option says, or what is done anyway. */
  readonly isAbbreviation?: true;
  /** False: no key of a task file. */
  readonly isForTasks?: false;
  /** Its uses keep their order across all options so marked. */
  readonly isFilter?: true;
}

export interface OptionGroup {
  readonly heading: string;
  readonly options: readonly OptionDeclaration[];
}

/** `-n, --dry-run <X>`, description, and the rest where there is any. */
function option(
  flags: string,
  description: string,
  rest: Partial<OptionDeclaration> = {},
): OptionDeclaration {
  return { flags, description, ...rest };
}

function abbreviation(flags: string, description: string): OptionDeclaration {
  return { flags, description, isAbbreviation: true };
}

const OUTPUT: OptionGroup = {
  heading: 'What is shown:',
  options: [
    option('-n, --dry-run', 'show what would be done, and do nothing'),
    option('-i, --itemize-changes', "list each change with rsync's eleven letters"),
    option('-v, --verbose', 'list the path of each change'),
    option('-q, --quiet', 'print nothing but problems, verdicts and errors'),
    option('--stats', 'add every count to the final report'),
    option('--progress', 'show progress each second also when not on a terminal'),
    option('--json', 'print one JSON object a line for each event, and nothing else'),
    option('--report <FILE>', 'write the final report there too; .html, .json or .txt', {
      parse: parseReportFile,
    }),
    option('--log-file <FILE>', 'append changes, problems, verdicts and the result to FILE', {
      parse: parsePath,
    }),
    option('--metrics <FILE>', 'keep FILE.prom for node_exporter: counts, and how the run ended', {
      parse: parseMetricsFile,
    }),
    option('--emf <FILE>', 'append CloudWatch embedded metrics to FILE; - for standard output', {
      parse: parsePath,
    }),
    option('--manifest <FILE>', 'write path, metadata and digest of all that was verified to FILE', {
      parse: parsePath,
    }),
    option('--color <WHEN>', 'colour: auto, always or never', {
      choices: ['auto', 'always', 'never'],
      standard: 'auto',
    }),
    option('--scan', 'with preflight: list everything in the source that the destination cannot hold', {
      isForTasks: false,
    }),
    option('--print-config', 'print what a run would use and where it comes from, and do nothing', {
      isForTasks: false,
    }),
  ],
};

const COMPARING: OptionGroup = {
  heading: 'What is transferred and deleted:',
  options: [
    option('-c, --checksum', 'compare files by content, not by size and modification time'),
    option('--size-only', 'compare files by size alone'),
    abbreviation('-u, --update', 'leave files that are newer at the destination; --overwrite=older'),
    abbreviation('--ignore-existing', 'leave what exists at the destination; --overwrite=never'),
    option('--existing', 'create nothing new at the destination'),
    option('--overwrite <WHICH>', 'overwrite existing files: always, never, or only older ones', {
      choices: ['always', 'never', 'older'],
      standard: 'always',
    }),
    option('--delete', 'delete what is extraneous at the destination'),
    option('--delete-excluded', 'delete excluded paths at the destination too; implies --delete'),
    option('--max-delete <N|P%>', 'delete nothing if more than N paths, or P percent, would go', {
      parse: parseDeleteLimit,
      schema: VALUE_SCHEMAS.deleteLimit,
    }),
    option('--force', 'replace a non-empty directory by a non-directory without --delete'),
  ],
};

const SELECTING: OptionGroup = {
  heading: 'Which paths take part:',
  options: [
    option('--exclude <PATTERN>', 'leave out paths that match', { isFilter: true }),
    option('--include <PATTERN>', 'keep paths that match, whatever later patterns say', { isFilter: true }),
    option('--exclude-from <FILE>', 'read exclude patterns from FILE', { isFilter: true }),
    option('--include-from <FILE>', 'read include patterns from FILE', { isFilter: true }),
    option('--files-from <FILE>', 'sync only the paths listed in FILE', { parse: parsePath }),
    option('-0, --from0', 'the lists above end each line with a NUL byte'),
    option('--max-size <SIZE>', 'leave out files larger than SIZE', {
      parse: parseSize,
      schema: VALUE_SCHEMAS.size,
    }),
    option('--min-size <SIZE>', 'leave out files smaller than SIZE', {
      parse: parseSize,
      schema: VALUE_SCHEMAS.size,
      standard: '0',
    }),
    option('-x, --one-file-system', 'do not cross into other file systems'),
  ],
};

const METADATA: OptionGroup = {
  heading: 'What is preserved:',
  options: [
    option(
      '--preserve <LIST>',
      'of owner, uid, gid, mode, mtime, atime, xattr, acl, devices, specials, all, none',
      {
        parse: parsePreserveList,
        schema: VALUE_SCHEMAS.preserve,
      },
    ),
    option('--chown <USER:GROUP>', 'give everything to this user, this group, or both'),
    abbreviation('-A, --acls', 'add acl to what is preserved'),
    abbreviation('-X, --xattrs', 'add xattr'),
    abbreviation('-U, --atimes', 'add atime'),
    abbreviation('-D', 'add devices and specials'),
    abbreviation('--devices', 'add devices'),
    abbreviation('--specials', 'add specials'),
  ],
};

const WORKING: OptionGroup = {
  heading: 'How it is done:',
  options: [
    option('--verify <MODE>', 'rescan and compare: full, transferred or none', {
      choices: ['full', 'transferred', 'none'],
      standard: 'full',
    }),
    abbreviation('--no-verify', '--verify=none'),
    option('--digest <NAME>', 'what content is verified by: xxh64 or sha256', {
      choices: ['xxh64', 'sha256'],
      standard: 'xxh64',
    }),
    option('--inplace', 'write into existing files instead of replacing them'),
    option('--partial', 'keep what was copied of a file when the run is interrupted'),
    abbreviation('-P', '--partial --progress'),
    option('--fsync', "bring each file's content to the disk before it gets its mtime and name"),
    option('--bwlimit <RATE>', 'copy at most so many KiB a second; suffixes K, M, G', {
      parse: parseRate,
      schema: VALUE_SCHEMAS.rate,
      standard: '0',
    }),
    option('--opslimit <N>', 'at most N calls a second to the file systems of both sides', {
      parse: parseOperations,
      schema: VALUE_SCHEMAS.operations,
      standard: '0',
    }),
    option('--limits-file <FILE>', 'bwlimit=RATE and opslimit=N, which may change while it runs', {
      parse: parsePath,
    }),
    option('--concurrency <auto|N>', 'calls in flight: by cores and mounts, or at most N', {
      parse: parseConcurrency,
      schema: VALUE_SCHEMAS.concurrency,
      standard: 'auto',
    }),
    option('--retries <N>', 'try again what fails for a moment, in every phase (default: 3)', {
      parse: parseRetries,
      schema: VALUE_SCHEMAS.retries,
      standard: '3',
    }),
    option('--timeout <SECONDS>', 'give up when nothing moves for so long, and name what hangs', {
      parse: parseTimeout,
      schema: VALUE_SCHEMAS.timeout,
      standard: '0',
    }),
    option('--wait [SECONDS]', 'wait while another sync has this destination, for ever or so long', {
      parse: parseWait,
      schema: VALUE_SCHEMAS.timeout,
    }),
    option('--source-snapshot <NAME>', 'read the source from its snapshot NAME, or from the latest', {
      parse: parseSnapshotName,
    }),
    option('--require-mount', 'refuse a root that is not a mount point'),
    option('--require-file <NAME>', 'refuse a source that does not hold NAME', { parse: parseRequiredFile }),
    option('--require-tls', 'refuse a destination that is not mounted with TLS'),
    option('--state-dir <DIR>', 'directory for locks and history', { parse: parsePath }),
  ],
};

const RSYNC: OptionGroup = {
  heading: 'Accepted, for they name what is done anyway:',
  options: [
    abbreviation('-a, --archive', '-rlptgoD'),
    abbreviation('-r, --recursive', 'with --files-from: also what is below listed directories'),
    abbreviation('-l, --links', 'symbolic links are always kept'),
    abbreviation('-t, --times', 'add mtime to what is preserved'),
    abbreviation('-p, --perms', 'add mode'),
    abbreviation('-o, --owner', 'add uid'),
    abbreviation('-g, --group', 'add gid'),
    abbreviation('-H, --hard-links', 'hard links are always kept'),
    abbreviation('-S, --sparse', 'holes are always kept'),
    abbreviation('-W, --whole-file', 'files are always copied whole'),
    abbreviation('--numeric-ids', 'ids are never mapped by name'),
    abbreviation('-h, --human-readable', 'sizes are always readable; alone: --help'),
  ],
};

export const OPTION_GROUPS: readonly OptionGroup[] = [OUTPUT, COMPARING, SELECTING, METADATA, WORKING, RSYNC];
