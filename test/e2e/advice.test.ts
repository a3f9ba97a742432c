/**
 * Each run warns of problems with its mounts, if the check costs nothing, and prints nothing if there are
 * none.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runWithEfsDestination } from '../support/as-efs.ts';
import { jsonEvents } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { sync, test, verify } from '../support/scenario.ts';

const ADVICE =
  'destination: mount options: without noresvport the client may not reach EFS again after a network interruption';

test('says nothing about two local directories', async ({ trees }) => {
  expect((await sync(trees)).stderr).toBe('');
  expect((await verify(trees)).stderr).toBe('');
});

describeWith(['root'], 'a mount with options that are not recommended', () => {
  test('is reported on standard error and in the log', ({ trees: { ...trees } }) => {
    const log = join(trees.directory, 'log');
    const args = [trees.source, trees.destination, `--log-file=${log}`];
    const { stderr, stdout } = runWithEfsDestination(trees, args);
    expect(stderr).toBe(`efs-sync: warning: ${ADVICE}; mount with noresvport\n`);
    expect(stdout).not.toContain(ADVICE);
    expect(readFileSync(log, 'utf8')).toContain(`warning: ${ADVICE}`);
  });

  test('is not reported with -q', ({ trees: { ...trees } }) => {
    const { stderr, stdout } = runWithEfsDestination(trees, [trees.source, trees.destination, '-q']);
    expect([stdout, stderr]).toEqual(['', '']);
  });

  test('is a “check” event in JSON, after “start”', ({ trees: { ...trees } }) => {
    const { stdout } = runWithEfsDestination(trees, [trees.source, trees.destination, '--json']);
    const [start, check] = jsonEvents(stdout);
    expect(start?.event).toBe('start');
    expect(check).toMatchObject({ event: 'check', result: 'WARNING', finding: expect.any(String) as string });
  });
});

const WITH_FSTAB = 'mount --bind "$1" /etc/fstab; shift; exec "$@"';

describeWith(['root'], 'a root that is in /etc/fstab but not mounted', () => {
  test('is reported', ({ trees: { ...trees } }) => {
    const fstab = join(trees.directory, 'fstab');
    writeFileSync(fstab, `nas:/export ${trees.source} nfs defaults 0 0\n`);
    const command = ['-m', 'sh', '-ec', WITH_FSTAB, 'sh', fstab, process.execPath, CLI];
    const all = [...command, trees.source, trees.destination];
    const { status, stderr } = spawnSync('unshare', all, { env: cleanEnvironment(), encoding: 'utf8' });
    expect(stderr).toContain(
      'efs-sync: warning: source: mount: /etc/fstab lists nas:/export for it, but that is not mounted',
    );
    expect(status).toBe(0);
  });
});
