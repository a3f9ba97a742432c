/**
 * Every option of rsync that efs-sync does not have itself. What each means here: other options, nothing
 * because nothing needs doing, or a refusal that says what to do instead.
 */
import { UsageError } from '../../../model/run/errors.ts';
import { displayName } from '../../../model/display-name.ts';
import { REFUSED } from './rsync-refusals.ts';

export interface RsyncOption {
  /** As rsync's manual has them: `-e, --rsh=COMMAND`. */
  readonly flags: string;
  /** The arguments that mean the same here; none if nothing needs doing. @throws UsageError */
  readonly means: (value: string) => readonly string[];
  readonly isRefused?: true;
}

const NOTHING: readonly string[] = [];

/** `-F` */
export const FILES_OF_F = '--filter=: /.rsync-filter';

function same(flags: string, ...args: readonly string[]): RsyncOption {
  return { flags, means: () => args };
}

/** They change neither what is copied nor how it is reported. */
function harmless(flags: string): RsyncOption {
  return { flags, means: () => NOTHING };
}

/** Short for options of efs-sync. */
const RENAMED: readonly RsyncOption[] = [
  same('--del', '--delete'),
  same('--delete-before', '--delete'),
  same('--delete-during', '--delete'),
  same('--delete-delay', '--delete'),
  same('--delete-after', '--delete'),
  same('--ignore-non-existing', '--existing'),
  same('--drop-D', '--no-devices', '--no-specials'),
  same('--no-D', '--no-devices', '--no-specials'),
  same('--no-timeout', '--timeout=0'),
  same('--no-bwlimit', '--bwlimit=0'),
  same('-F', FILES_OF_F),
  { flags: '--time-limit=MINS', means: (value) => [`--stop-after=${value}`] },
  { flags: '--log-format=FORMAT', means: (value) => [`--out-format=${value}`] },
  { flags: '--info=FLAGS', means: infoMeaning },
  { flags: '--stderr=MODE', means: stderrMeaning },
];

/** Both sides are local: nothing goes through a network connection, a remote shell or another rsync. */
const OF_CONNECTIONS = [
  '-z, --compress',
  '--old-compress',
  '--new-compress',
  '--compress-choice=STR, --zc=STR',
  '--compress-level=NUM, --zl=NUM',
  '--compress-threads=NUM, --zt=NUM',
  '--skip-compress=LIST',
  '-e, --rsh=COMMAND',
  '--rsync-path=PROGRAM',
  '-s, --secluded-args',
  '--protect-args',
  '--old-args',
  '--trust-sender',
  '--blocking-io',
  '--sockopts=OPTIONS',
  '--address=ADDRESS',
  '--port=PORT',
  '-4, --ipv4',
  '-6, --ipv6',
  '--contimeout=SECONDS',
  '--no-contimeout',
  '--no-motd',
  '--protocol=NUM',
];

/** How rsync works inside; files are always copied whole, and no list of them is kept. */
const OF_THE_ALGORITHM = [
  '-y, --fuzzy',
  '-B, --block-size=SIZE',
  '--checksum-seed=NUM',
  '--inc-recursive, --i-r',
  '--max-alloc=SIZE',
  '--qsort',
];

/** What efs-sync always does. */
const ALWAYS_SO = [
  '--open-noatime',
  '--implied-dirs, --i-d',
  '--no-iconv',
  '-8, --8-bit-output',
  '--outbuf=MODE',
];

export const ACCEPTED: readonly RsyncOption[] = [
  ...RENAMED,
  ...[...OF_CONNECTIONS, ...OF_THE_ALGORITHM, ...ALWAYS_SO].map(harmless),
];

export const RSYNC_OPTIONS: readonly RsyncOption[] = [
  ...ACCEPTED,
  ...REFUSED.map(({ flags, reason }) => ({ flags, means: () => refuse(reason), isRefused: true as const })),
];

function refuse(reason: string): never {
  throw new UsageError(reason);
}

const INFO_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['progress', '--progress'],
  ['stats', '--stats'],
  ['name', '--verbose'],
]);

/** `progress2`, `stats1,name`. A zero asks for silence, which is the default. */
function infoMeaning(value: string): readonly string[] {
  return value.split(',').flatMap((word) => {
    const flag = word.toLowerCase();
    if (flag === 'none' || flag.endsWith('0')) return [];
    const option = INFO_OPTIONS.get(flag.replace(/\d$/, ''));
    return option === undefined
      ? refuse(
          `efs-sync knows only progress, stats and name, not '${displayName(word)}'; -i lists each change`,
        )
      : [option];
  });
}

/** Errors go to standard error, as by default in rsync. */
function stderrMeaning(value: string): readonly string[] {
  return value.startsWith('a') ? refuse('append >&2 to the command instead') : NOTHING;
}
