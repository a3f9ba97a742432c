/** Every option: its flags as the manual has them, what it does, and how its value is read. */
import {
  parseBandwidth,
  parseConcurrency,
  parseDeleteLimit,
  parseOperations,
  parsePath,
  parsePreserve,
  parseReportFile,
  parseRetries,
  parseSizeLimit,
  parseTimeout,
} from './option-values.ts';

export interface OptionDeclaration {
  readonly flags: string;
  readonly description: string;
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
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
    option('--report <FILE>', 'write the final report there too; .json or .txt', { parse: parseReportFile }),
    option('--log-file <FILE>', 'append changes, problems, verdicts and the result to FILE', {
      parse: parsePath,
    }),
    option('--color <WHEN>', 'colour: auto, always or never', { choices: ['auto', 'always', 'never'] }),
  ],
};

const COMPARING: OptionGroup = {
  heading: 'What is transferred and deleted:',
  options: [
    option('-c, --checksum', 'compare files by content, not by size and modification time'),
    option('--size-only', 'compare files by size alone'),
    option('-u, --update', 'leave files that are newer at the destination; --overwrite=older'),
    option('--ignore-existing', 'leave what exists at the destination; --overwrite=never'),
    option('--existing', 'create nothing new at the destination'),
    option('--overwrite <WHICH>', 'overwrite existing files: always, never, or only older ones', {
      choices: ['always', 'never', 'older'],
    }),
    option('--delete', 'delete what is extraneous at the destination'),
    option('--delete-excluded', 'delete excluded paths at the destination too; implies --delete'),
    option('--max-delete <N|P%>', 'delete nothing if more than N paths, or P percent, would go', {
      parse: parseDeleteLimit,
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
    option('--max-size <SIZE>', 'leave out files larger than SIZE', { parse: parseSizeLimit }),
    option('--min-size <SIZE>', 'leave out files smaller than SIZE', { parse: parseSizeLimit }),
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
        parse: parsePreserve,
      },
    ),
    option('--chown <USER:GROUP>', 'give everything to this user, this group, or both'),
    option('-A, --acls', 'add acl to what is preserved'),
    option('-X, --xattrs', 'add xattr'),
    option('-U, --atimes', 'add atime'),
    option('-D', 'add devices and specials'),
    option('--devices', 'add devices'),
    option('--specials', 'add specials'),
  ],
};

const WORKING: OptionGroup = {
  heading: 'How it is done:',
  options: [
    option('--verify <MODE>', 'rescan and compare: full, transferred or none', {
      choices: ['full', 'transferred', 'none'],
    }),
    option('--no-verify', '--verify=none'),
    option('--digest <NAME>', 'what content is verified by: xxh64 or sha256', {
      choices: ['xxh64', 'sha256'],
    }),
    option('--inplace', 'write into existing files instead of replacing them'),
    option('--partial', 'keep what was copied of a file when the run is interrupted'),
    option('-P', '--partial --progress'),
    option('--fsync', 'flush every file to stable storage'),
    option('--bwlimit <RATE>', 'copy at most so many KiB a second; suffixes K, M, G', {
      parse: parseBandwidth,
    }),
    option('--opslimit <N>', 'at most N calls a second to the file systems of both sides', {
      parse: parseOperations,
    }),
    option('--limits-file <FILE>', 'bwlimit=RATE and opslimit=N, which may change while it runs', {
      parse: parsePath,
    }),
    option('--concurrency <auto|N>', 'calls in flight: measured, or exactly N', { parse: parseConcurrency }),
    option('--retries <N>', 'try a call again after a transient failure (default: 3)', {
      parse: parseRetries,
    }),
    option('--timeout <SECONDS>', 'give up when nothing moves for so long', { parse: parseTimeout }),
    option('--require-mount', 'refuse a root that is not a mount point'),
    option('--require-tls', 'refuse a destination that is not mounted with TLS'),
    option('--state-dir <DIR>', 'directory for locks', { parse: parsePath }),
  ],
};

const RSYNC: OptionGroup = {
  heading: 'Accepted, for they name what is done anyway:',
  options: [
    option('-a, --archive', '-rlptgoD'),
    option('-r, --recursive', 'with --files-from: also what is below listed directories'),
    option('-l, --links', 'symbolic links are always kept'),
    option('-t, --times', 'add mtime to what is preserved'),
    option('-p, --perms', 'add mode'),
    option('-o, --owner', 'add uid'),
    option('-g, --group', 'add gid'),
    option('-H, --hard-links', 'hard links are always kept'),
    option('-S, --sparse', 'holes are always kept'),
    option('-W, --whole-file', 'files are always copied whole'),
    option('--numeric-ids', 'ids are never mapped by name'),
    option('-h, --human-readable', 'sizes are always readable; alone: --help'),
  ],
};

export const OPTION_GROUPS: readonly OptionGroup[] = [OUTPUT, COMPARING, SELECTING, METADATA, WORKING, RSYNC];
