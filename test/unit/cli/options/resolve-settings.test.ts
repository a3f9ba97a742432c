/** Options become complete settings: rsync's meanings, contradictions refused, names looked up. */
import { resolveModeChanges } from '../../../../src/cli/options/mode-changes.ts';
import { spawnSync } from 'node:child_process';
import { describe, test, expect } from 'vitest';
import { type Environment, resolveSettings } from '../../../../src/cli/options/resolve-settings.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { DEFAULT_SETTINGS, type Preserve, type Settings } from '../../../../src/model/settings.ts';
import { PATIENT } from '../../../support/patience.ts';
import { commandLineOf } from '../../../support/command-line.ts';

const ENVIRONMENT: Environment = { variables: { HOME: '/home/me', TMPDIR: '/var/tmp' }, uid: 1000 };

async function resolve(...args: string[]): Promise<Settings> {
  return resolveSettings(commandLineOf('a', 'b', ...args), ENVIRONMENT, PATIENT);
}

test('no options give the defaults, complete and frozen', async () => {
  const settings = await resolve();
  expect(settings).toEqual({
    ...DEFAULT_SETTINGS,
    stateDirectory: '/home/me/.local/state/efs-sync',
    fallbackStateDirectory: '/tmp/efs-sync-1000',
    spoolDirectory: '/var/tmp',
  });
  expect([settings, settings.preserve, settings.filters].every(Object.isFrozen)).toBe(true);
});

test.each<[string[], Partial<Settings>]>([
  [['-n'], { dryRun: true, listChanges: true }],
  [['-i'], { listChanges: true }],
  [['-v'], { listChanges: true }],
  [['--json'], { listChanges: true }],
  [['--log-file=l'], { listChanges: true }],
  [['-u'], { overwrite: 'older' }],
  [['--ignore-existing'], { overwrite: 'never' }],
  [['-u', '--ignore-existing'], { overwrite: 'never' }],
  [['-u', '--overwrite=older'], { overwrite: 'older' }],
  [['--existing', '--ignore-existing'], { existingOnly: true, overwrite: 'never' }],
  [['--delete'], { delete: true, deleteExcluded: false }],
  [['--delete-excluded'], { delete: true, deleteExcluded: true }],
  [['--max-delete=10%'], { deleteLimit: { percent: 10 } }],
  [['--force'], { force: true }],
  [['-c'], { checksum: true }],
  [['--size-only'], { sizeOnly: true }],
  [['-I'], { ignoreTimes: true }],
  [['-@2'], { modifyWindowSec: 2 }],
  [['-@', '-1'], { modifyWindowSec: -1 }],
  [['--modify-window=-2'], { modifyWindowSec: -1 }],
  [['--modify-window', '0'], { modifyWindowSec: 0 }],
  [['--safe-links'], { safeLinks: true }],
  [['-L'], { copyLinks: true }],
  [['-k'], { copyDirectoryLinks: true }],
  [['--copy-unsafe-links'], { copyUnsafeLinks: true }],
  [['-R'], { onlyBelow: 'a' }],
  [['-m'], { pruneEmptyDirectories: true }],
  [['-m', '--no-m'], { pruneEmptyDirectories: false }],
  [['-O'], { omitDirectoryTimes: true }],
  [['-aJ'], { omitLinkTimes: true }],
  [['-OJ', '--no-O', '--no-omit-link-times'], {}],
  [['--chmod=F600'], { modeChanges: resolveModeChanges(['F600']) }],
  [['--chmod=F600,D+x', '--chmod=u-w'], { modeChanges: resolveModeChanges(['F600,D+x', 'u-w']) }],
  [['-x'], { oneFileSystem: true }],
  [['--min-size=1', '--max-size=1k'], { minSizeBytes: 1, maxSizeBytes: 1024 }],
  [['-P'], { partial: true }],
  [['--inplace'], { inPlace: true }],
  [['--delay-updates'], { delayUpdates: true }],
  [['-T', 'tmp'], { temporaryDirectory: 'tmp' }],
  [['--fsync'], { fsync: true }],
  [['--bwlimit=10'], { bandwidthBytesPerSec: 10_240 }],
  [['--opslimit=500'], { operationsPerSec: 500 }],
  [['--concurrency=7'], { concurrency: 7 }],
  [['--retries=0'], { retries: 0 }],
  [['--timeout=30'], { timeoutMs: 30_000 }],
  [['--stop-after=1.5'], { stopAfterMinutes: 1.5 }],
  [['--time-limit=2'], { stopAfterMinutes: 2 }],
  [['--stop-at=9999-12-31'], { stopAtMs: new Date(9999, 11, 31).getTime() }],
  [['--out-format=%n'], { listChanges: true, listSources: false }],
  [['--log-format=%i %8l'], { listChanges: true, listSources: true }],
  [['-ii'], { listChanges: true, listUnchanged: true }],
  [['-ii', '--no-i'], { listChanges: false, listUnchanged: false }],
  [['--wait'], { lockWaitMs: Infinity }],
  [['--wait=2'], { lockWaitMs: 2000 }],
  [['--no-verify'], { verify: 'none' }],
  [['--verify=transferred', '--digest=sha256'], { verify: 'transferred', digest: 'sha256' }],
  [['--require-mount', '--require-tls'], { requireMount: true, requireTls: true }],
  [['--state-dir=/s'], { stateDirectory: '/s' }],
  [['-r'], { filesFromRecursive: true }],
  [['-a'], { filesFromRecursive: false }],
  [
    ['--include=a', '--exclude=- b', '--exclude=+ c'],
    {
      filters: [
        { action: 'include', pattern: 'a' },
        { action: 'exclude', pattern: 'b' },
        { action: 'include', pattern: 'c' },
      ],
    },
  ],
])('%j', async (args, settings) => {
  expect(await resolve(...args)).toMatchObject(settings);
});

const NONE = Object.fromEntries(Object.keys(DEFAULT_SETTINGS.preserve).map((name) => [name, false]));

test.each<[string[], Partial<Preserve>]>([
  [['--preserve=owner'], { uid: true, gid: true, ownerRequired: true }],
  [['--preserve=uid'], { uid: true, ownerRequired: true }],
  [['--preserve=gid,mode'], { gid: true, mode: true, ownerRequired: true }],
  [['--preserve=mtime, atime'], { mtime: true, atime: true }],
  [['--preserve=none'], {}],
  [['--preserve=none', '-t', '-p'], { mtime: true, mode: true }],
  [['--preserve=none', '-o', '-g'], { uid: true, gid: true }],
  [['--preserve=mode', '-AXU'], { mode: true, acl: true, xattr: true, atime: true }],
  [['--preserve=mode', '-D'], { mode: true, devices: true, specials: true }],
  [['--preserve=mode', '--devices'], { mode: true, devices: true }],
  [['--preserve=mode', '--specials'], { mode: true, specials: true }],
  [['-a'], { uid: true, gid: true, mode: true, mtime: true, devices: true, specials: true }],
  [['-o'], { uid: true, gid: true, mode: true, mtime: true }],
])('%j preserves', async (args, preserve) => {
  expect((await resolve(...args)).preserve).toEqual({ ...NONE, ...preserve });
});

test('--preserve=all preserves everything', async () => {
  const { preserve } = await resolve('--preserve=all');
  expect(Object.values(preserve)).not.toContain(false);
});

describe('refused', () => {
  test.each([
    [['-c', '--size-only'], /--checksum.*--size-only/],
    [['-I', '-c'], /--ignore-times.*--checksum/],
    [['-I', '--size-only'], /--ignore-times.*--size-only/],
    [['--chmod=u+r', '--preserve=all'], /--chmod.*ACLs.*without --acls/],
    [['--chmod='], /--chmod: "" is not a list of modes/],
    [['-u', '--overwrite=always'], /--update.*--overwrite=always/],
    [['--ignore-existing', '--overwrite=older'], /--ignore-existing.*--overwrite=older/],
    [['--files-from=-', '--delete'], /--files-from would delete everything that is not listed/],
    [['--files-from=-', '--delete-excluded'], /--files-from would delete everything that is not listed/],
    [['--json', '-q'], /--json.*--quiet/],
    [['--min-size=2', '--max-size=1'], /--min-size/],
    [['--exclude=- '], /no pattern/],
    [['--exclude-from=/no/such/file'], /\/no\/such\/file: No such file/],
    [['--files-from=/no/such/*.txt'], /\/no\/such\/\*\.txt: no file matches/],
    [['--include-from=/'], /Illegal operation on a directory/],
    [['--chown=no-such-user-here'], /no user named no-such-user-here/],
    [['--chown=:no-such-group-here'], /no group named no-such-group-here/],
    [['--chown=4294967295'], /4294967295/],
    [['--chown=:'], /--chown/],
  ])('%j', async (args, message) => {
    await expect(resolve(...args)).rejects.toThrow(UsageError);
    await expect(resolve(...args)).rejects.toThrow(message);
  });

  test('verify with nothing to verify', async () => {
    const commandLine = commandLineOf('verify', 'a', 'b', '--no-verify');
    await expect(resolveSettings(commandLine, ENVIRONMENT, PATIENT)).rejects.toThrow(/would do nothing/);
  });
});

describe('--preserve', () => {
  test.each<[string[], Partial<Preserve>]>([
    [['-a', '--no-owner'], { uid: false, gid: true, devices: true }],
    [['--no-times'], { uid: true, mtime: false }],
    [['--preserve=all', '--no-xattrs'], { xattr: false, acl: true }],
    [['--no-group', '--group'], { gid: true }],
  ])('%j', async (args, preserve) => {
    expect((await resolve(...args)).preserve).toMatchObject(preserve);
  });
});

test('--devices overrides -D', async () => {
  const options = { D: false, devices: true };
  const { preserve } = await resolveSettings({ ...commandLineOf('a', 'b'), options }, ENVIRONMENT, PATIENT);
  expect(preserve).toMatchObject({ devices: true, specials: false });
});

describe('--chown', () => {
  const [, , mailUid, mailGid] = spawnSync('getent', ['passwd', 'mail']).stdout.toString().split(':');
  test.each([
    ['mail', Number(mailUid), undefined],
    [':mail', undefined, Number(mailGid)],
    ['mail:mail', Number(mailUid), Number(mailGid)],
    ['mail:', Number(mailUid), undefined],
    ['4294967294:0', 4_294_967_294, 0],
  ])('%s', async (text, uid, gid) => {
    expect((await resolve(`--chown=${text}`)).ownerOverride).toEqual({ uid, gid });
  });
});
