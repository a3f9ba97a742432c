/** Every option of rsync works, is accepted because nothing needs doing, or is refused with a way out. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { guardCombinations } from '../../../../src/cli/options/guard-combinations.ts';
import { namesIn } from '../../../../src/cli/options/table/option-declaration.ts';
import { OPTIONS } from '../../../../src/cli/options/table/option-table.ts';
import { ACCEPTED, RSYNC_OPTIONS } from '../../../../src/cli/options/table/rsync-options.ts';
import { REFUSED } from '../../../../src/cli/options/table/rsync-refusals.ts';
import { commandLineOf } from '../../../support/command-line.ts';

const rsyncHelp = spawnSync('rsync', ['--help'], { encoding: 'utf8' }).stdout ?? '';
const hasRsync = rsyncHelp !== '';

/** `--info=FLAGS`, `--cc`, `-M`: as rsync's help lists them, `--max-size=SIZE, -s` included. */
function optionsOfHelp(): { flag: string; takesValue: boolean }[] {
  const [, list = ''] = rsyncHelp.split('\nOptions\n');
  return list.split('\n').flatMap((line) => {
    const term = /^-[^\s,]+(?:, -\S+)?/.exec(line)?.[0] ?? '';
    const takesValue = term.includes('=');
    const flags = term === '' || term === '--no-OPTION' ? [] : namesIn(term);
    const alias = /\(aka (--\w+)\)/.exec(line)?.[1];
    return [...flags, ...(alias === undefined ? [] : [alias])].map((flag) => ({ flag, takesValue }));
  });
}

/** Those that only the manual and the source of rsync have. */
const BESIDE_HELP = [
  ...['--protect-args', '--no-protect-args', '--no-secluded-args', '--no-s', '--no-old-args', '--qsort'],
  ...['--old-compress', '--new-compress', '--no-compress', '--no-z', '--msgs2stderr', '--no-msgs2stderr'],
  ...['--remove-sent-files', '--log-format=%n', '--time-limit=5', '--implied-dirs', '--i-d', '--no-i-d'],
  ...['--daemon', '--server', '--sender', '--config=x', '--dparam=a=b', '--detach', '--no-detach'],
  ...[
    '--no-verbose',
    '--no-v',
    '--no-r',
    '--no-dirs',
    '--no-d',
    '--no-l',
    '--no-H',
    '--no-relative',
    '--no-R',
  ],
  ...['--no-p', '--no-A', '--no-X', '--no-t', '--no-U', '--no-open-noatime', '--no-crtimes', '--no-N'],
  ...['--no-omit-dir-times', '--no-O', '--no-omit-link-times', '--no-J', '--no-super', '--no-o', '--no-g'],
  ...['--no-D', '--no-devices', '--no-write-devices', '--no-specials', '--no-x', '--no-S', '--no-inplace'],
  ...['--no-append', '--no-force', '--no-ignore-errors', '--no-c', '--no-fuzzy', '--no-y', '--no-W'],
  ...['--no-progress', '--no-partial', '--no-delay-updates', '--no-prune-empty-dirs', '--no-m', '--no-i'],
  ...['--no-bwlimit', '--no-backup', '--no-from0', '--no-numeric-ids', '--no-timeout', '--no-contimeout'],
  ...['--no-iconv', '--no-8-bit-output', '--no-8', '--no-mkpath', '--no-blocking-io', '--no-human-readable'],
  ...['--no-munge-links', '--no-h', '--no-one-file-system', '--no-acls', '--no-xattrs', '--no-atimes'],
];

/** Undefined if it is taken. */
function answerTo(...args: string[]): string | undefined {
  try {
    guardCombinations(commandLineOf('a', 'b', ...args));
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

const NO_ANSWER = /unknown option|argument missing/;

describe.skipIf(!hasRsync)('rsync --help (needs rsync)', () => {
  const listed = optionsOfHelp();

  test('is read', () => {
    expect(listed.length).toBeGreaterThan(150);
    expect(listed).toContainEqual({ flag: '-e', takesValue: true });
    expect(listed).toContainEqual({ flag: '--zl', takesValue: true });
  });

  test.each(listed.filter(({ flag }) => flag !== '--help' && flag !== '--version' && flag !== '-V'))(
    '$flag has an answer',
    ({ flag, takesValue }) => {
      expect(answerTo(...(takesValue ? [flag, '5'] : [flag])) ?? '').not.toMatch(NO_ANSWER);
    },
  );
});

test.each(BESIDE_HELP)('%s has an answer', (flag) => {
  expect(answerTo(flag) ?? '').not.toMatch(NO_ANSWER);
});

/** They would start a server, or read standard input. */
const NOT_TO_TRY = new Set([
  '--daemon',
  '--server',
  '--sender',
  '--config',
  '--dparam',
  '--detach',
  '--no-detach',
]);

test.skipIf(!hasRsync)('the table invents no option (needs rsync)', () => {
  const unknown = RSYNC_OPTIONS.flatMap(({ flags }) =>
    namesIn(flags).filter((flag) => {
      if (NOT_TO_TRY.has(flag)) return false;
      const value = flags.includes('=') ? ['/nonexistent/x'] : [];
      const args = ['-n', flag, ...value, '/nonexistent/a', '/nonexistent/b'];
      return /unknown option/.test(spawnSync('rsync', args, { encoding: 'utf8' }).stderr);
    }),
  );
  expect(unknown).toEqual([]);
});

test('no option has two answers', () => {
  const flags = [...OPTIONS, ...RSYNC_OPTIONS].flatMap((option) => namesIn(option.flags));
  expect(flags.filter((flag, index) => flags.indexOf(flag) !== index)).toEqual([]);
});

describe('accepted', () => {
  test.each<[string[], object]>([
    [['-avzP'], { archive: true, verbose: true, P: true }],
    [['-avz', '-e', 'ssh -p 22', '--rsh=ssh', '-essh'], { archive: true, verbose: true }],
    [
      ['-a', '--no-o', '--no-g', '--no-p', '--no-t'],
      { archive: true, owner: false, group: false, perms: false, times: false },
    ],
    [['--no-o', '--no-D', '--no-o', '-a', '--no-g'], { archive: true, group: false }],
    [['--no-devices', '-D'], { D: true }],
    [['--no-progress', '-P'], { P: true }],
    [['-a', '--no-D'], { archive: true, devices: false, specials: false }],
    [['--del'], { delete: true }],
    [['--delete-before'], { delete: true }],
    [['--delete-during'], { delete: true }],
    [['--delete-delay'], { delete: true }],
    [['--delete-after'], { delete: true }],
    [['--delete', '--no-delete-after'], { delete: false }],
    [['--ignore-non-existing'], { existing: true }],
    [['-ii'], { itemizeChanges: true, itemizeUnchanged: true }],
    [
      ['-aiv', '--itemize-changes', '-i'],
      { archive: true, verbose: true, itemizeChanges: true, itemizeUnchanged: true },
    ],
    [['--info=progress2'], { progress: true }],
    [['--info=name,stats2,progress', '--info=flist0,none'], { verbose: true, stats: true, progress: true }],
    [
      ['--no-inc-recursive', '--inc-recursive', '--no-i-r', '-s', '--protect-args', '-W', '--numeric-ids'],
      { wholeFile: true, numericIds: true },
    ],
    [['--no-bwlimit', '--no-timeout'], { bwlimit: 0, timeout: 0 }],
    [['--no-fuzzy', '--no-append', '--no-compress'], {}],
    [['--stderr=errors'], {}],
    [['--zl', '9', '--compress-level=9', '-B128'], {}],
  ])('%j', (args, options) => {
    expect(commandLineOf(...args, 'a', 'b').options).toEqual(options);
  });

  test('also for verify, and recorded as the option that it means', () => {
    const line = commandLineOf('verify', '--delete-after', '-z', 'a', 'b');
    expect(line).toMatchObject({ command: 'verify', options: { delete: true } });
    expect(line.given).toEqual([{ key: 'delete', value: true, origin: 'command line' }]);
  });

  test('none of them changes what is copied, except as named', () => {
    const deciding = ACCEPTED.filter(({ flags, means }) => !flags.includes('=') && means('').length > 0);
    expect(deciding.map(({ flags, means }) => [flags, ...means('')].join(' '))).toEqual([
      '--del --delete',
      '--delete-before --delete',
      '--delete-during --delete',
      '--delete-delay --delete',
      '--delete-after --delete',
      '--ignore-non-existing --existing',
      '--drop-D --no-devices --no-specials',
      '--no-D --no-devices --no-specials',
      '--no-timeout --timeout=0',
      '--no-bwlimit --bwlimit=0',
      '-F --filter=: /.rsync-filter',
    ]);
  });
});

describe('refused', () => {
  test.each([
    [['--link-dest=../x'], /^--link-dest: efs-sync keeps no versions of a whole tree; /],
    [['-avd'], /^-d: efs-sync does not have it; /],
    [['-K', '/tmp'], /^-K: a link at the destination is replaced by the directory/],
    [['--info=flist2'], /^--info: efs-sync knows only progress, stats and name, not 'flist2'/],
    [['--info=constructor'], /not 'constructor'/],
    [['--stderr=all'], /^--stderr: append >&2/],
    [['--list-only'], /^--list-only: use -n/],
    [['--no-links'], /^--no-links: symbolic links are always kept/],
    [['-a', '--no-l'], /^--no-links: symbolic links are always kept/],
    [['--no-H'], /^--no-hard-links: hard links are always kept/],
    [['--no-W'], /^--no-whole-file: files are always copied whole/],
    [['--no-r'], /^--no-recursive works only with --files-from/],
    [['--files-from=x', '--no-R'], /^--no-relative: paths of --files-from keep their directories/],
  ])('%j', (args, message) => {
    expect(answerTo(...args)).toMatch(message);
  });

  test('--no-recursive is the default with --files-from', () => {
    expect(answerTo('--no-recursive', '--files-from=x')).toBeUndefined();
  });

  test('each in one sentence, which fits on two lines', () => {
    const tooLong = REFUSED.filter(({ flags, reason }) => `efs-sync: ${flags}: ${reason}`.length > 160);
    expect(tooLong).toEqual([]);
    expect(REFUSED.filter(({ reason }) => /[.\n]$|\n/.test(reason))).toEqual([]);
  });
});
