/**
 * Options for how files are written and verified, how fast, and what a run waits for or requires; and for what
 * it shows and writes about itself.
 */
import { DEFAULT_SETTINGS } from '../../../model/settings.ts';
import { abbreviation, option, type OptionGroup } from './option-declaration.ts';
import {
  parseMetricsFile,
  parsePath,
  parseReportFile,
  parseRequiredFile,
  parseSnapshotName,
  CONCURRENCY,
  TIMEOUT,
  OPERATIONS,
  RATE,
  RETRIES,
  WAIT,
} from './option-values.ts';
import { parseOutFormat } from '../../../report/text/out-format.ts';
import { MINUTES, STOP_TIME } from './stop-time.ts';

export const WORKING = {
  heading: 'How to copy and verify:',
  options: [
    option('--verify <MODE>', 'what to compare afterwards: full, transferred or none', {
      choices: ['full', 'transferred', 'none'],
      standard: DEFAULT_SETTINGS.verify,
    }),
    abbreviation('--no-verify', '--verify=none'),
    option('--repair', 'copy again, once, what verification finds different, and verify it again', {
      setting: 'repair',
    }),
    option('--digest <NAME>', 'digest for verifying content: xxh64 or sha256', {
      choices: ['xxh64', 'sha256'],
      setting: 'digest',
    }),
    option('--inplace', 'write into existing files instead of replacing them', { setting: 'inPlace' }),
    option('-S, --sparse', 'turn runs of zeros into holes; holes in the source are always kept', {
      setting: 'sparse',
    }),
    option('--partial', 'keep partly copied files when the run is interrupted'),
    abbreviation('-P', '--partial --progress'),
    option('--delay-updates', 'let all files get their names together, once all are copied', {
      setting: 'delayUpdates',
    }),
    option('-T, --temp-dir <DIR>', 'write files in DIR first, which is on the same file system', {
      parse: parsePath,
      isInDestination: true,
      setting: 'temporaryDirectory',
    }),
    option('--fsync', 'flush each file to disk before setting its mtime and name', {
      setting: 'fsync',
    }),
    option('--bwlimit <RATE>', 'copy at most RATE KiB per second; suffixes K, M, G', {
      ...RATE,
      setting: 'bandwidthBytesPerSec',
    }),
    option('--opslimit <N>', 'make at most N file system calls per second, on both sides together', {
      ...OPERATIONS,
      setting: 'operationsPerSec',
    }),
    option('--limits-file <FILE>', 'read bwlimit=RATE and opslimit=N from FILE, and again when it changes', {
      parse: parsePath,
    }),
    option('--concurrency <auto|N>', 'calls in flight: chosen by cores and mounts, or at most N', {
      ...CONCURRENCY,
      setting: 'concurrency',
    }),
    option(
      '--retries <N>',
      `retry temporary failures up to N times, in every phase (default: ${DEFAULT_SETTINGS.retries})`,
      {
        ...RETRIES,
        setting: 'retries',
      },
    ),
    option('--timeout <SECONDS>', 'stop after SECONDS without progress, and name what hangs', {
      ...TIMEOUT,
      standard: DEFAULT_SETTINGS.timeoutMs / 1000,
    }),
    option('--stop-after <MINS>', 'stop after MINS minutes, with exit status 30; what is copied stays', {
      ...MINUTES,
      setting: 'stopAfterMinutes',
    }),
    option('--stop-at <TIME>', 'stop at TIME (y-m-dTh:m, or a part of it), with exit status 30', {
      ...STOP_TIME,
      setting: 'stopAtMs',
    }),
    option(
      '--wait [SECONDS]',
      'wait for another sync of this destination: forever, or at most SECONDS',
      WAIT,
    ),
    option('--source-snapshot <NAME>', 'read the source from its snapshot NAME, or from the latest', {
      parse: parseSnapshotName,
      setting: 'sourceSnapshot',
    }),
    option('--mkpath', 'make missing directories above the destination, too', { setting: 'makeParents' }),
    option('--require-mount', 'refuse a root that is not a mount point', { setting: 'requireMount' }),
    option('--require-file <NAME>', 'refuse a source that does not contain NAME', {
      parse: parseRequiredFile,
      setting: 'requireFile',
    }),
    option('--require-tls', 'refuse a destination that is not mounted with TLS', { setting: 'requireTls' }),
    option('--state-dir <DIR>', 'directory for locks and history', { parse: parsePath }),
  ],
} satisfies OptionGroup;

/** Options for what a run shows and writes about itself. */
export const OUTPUT = {
  heading: 'What to print:',
  options: [
    option('-n, --dry-run', 'show what would be done, without doing it'),
    option('-i, --itemize-changes', "list each change with rsync's eleven letters"),
    option('--itemize-unchanged', 'also list entries that need nothing, as -ii does'),
    option('-v, --verbose', 'list the path of each change'),
    option('--out-format <FORMAT>', "list each change in rsync's FORMAT, such as '%i %n%L'", {
      parse: parseOutFormat,
      presentation: 'outFormat',
    }),
    option('-q, --quiet', 'print only problems, differences, warnings and errors', { presentation: 'quiet' }),
    option('--stats', 'add every count to the final report', { presentation: 'stats' }),
    option('--progress', 'show progress every second, even when not on a terminal'),
    option('--json', 'print each event as one line of JSON, and nothing else', {
      presentation: 'json',
    }),
    option('--report <FILE>', 'also write the final report to FILE (.html, .json or .txt); may be repeated', {
      parse: parseReportFile,
      isRepeatable: true,
      presentation: 'reportFiles',
    }),
    option('--log-file <FILE>', 'append changes, problems, differences and the result to FILE', {
      parse: parsePath,
      presentation: 'logFile',
    }),
    option('--metrics <FILE>', 'keep counts and the result in FILE, a .prom file for node_exporter', {
      parse: parseMetricsFile,
      presentation: 'metricsFile',
    }),
    option('--emf <FILE>', 'append CloudWatch embedded metrics to FILE (- for standard output)', {
      parse: parsePath,
      presentation: 'embeddedMetricsFile',
    }),
    option('--manifest <FILE>', 'write the path, metadata and digest of each verified entry to FILE', {
      parse: parsePath,
      presentation: 'manifestFile',
    }),
    option('--color <WHEN>', 'use colour: auto, always or never', {
      choices: ['auto', 'always', 'never'],
      presentation: 'color',
    }),
    // Not keys of a task: the first three belong to other commands, and --print-config asks about a run.
    option('--scan', 'with preflight: list what the destination cannot store, and estimate the run', {
      isForTasks: false,
    }),
    option('--for <NAME>', 'with preflight --scan, in place of a destination: efs, even if not mounted', {
      choices: ['efs'],
      isForTasks: false,
    }),
    option('--forget', 'with status: remove the records of a task', { isForTasks: false }),
    option('--print-config', 'print the settings and where each comes from, without running', {
      isForTasks: false,
    }),
  ],
} satisfies OptionGroup;
