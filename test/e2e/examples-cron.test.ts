/** The package's crontab, run by a real cron: with its environment, its percent signs and its mail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/efs-sync.cron', import.meta.url));
const PRIVATE_CRON = fileURLToPath(new URL('../support/private-cron.sh', import.meta.url));
const LINE = /^30 3 \* \* \* root efs-sync .*$/m;

/** The example's line, changed to run at once and with another destination and log. */
function atOnce(example: string, { source }: Trees, destination: string): string {
  const [line = ''] = LINE.exec(example) ?? [];
  return line
    .replace('30 3 * * *', '@reboot')
    .replace('/var/log/efs-sync.log', `${destination}.log`)
    .replace('/mnt/nas', source)
    .replace('/mnt/efs', destination);
}

/** Writes a crontab with the example unchanged, and its line twice more. */
function writeCrontab(trees: Trees): void {
  const { directory, destination } = trees;
  for (const name of ['cron.d', 'sbin', 'bin']) mkdirSync(join(directory, name));
  symlinkSync(CLI, join(directory, 'bin', 'efs-sync'));
  symlinkSync(process.execPath, join(directory, 'bin', 'node'));
  const example = readFileSync(EXAMPLE, 'utf8');
  const lines = [destination, `${destination}-full`].map((each) => atOnce(example, trees, each));
  const text = `${example}${lines.join('\n')}\n`.replace('PATH=', `PATH=${join(directory, 'bin')}:`);
  writeFileSync(join(directory, 'cron.d', 'efs-sync'), text);
}

/** Replaces sendmail with a script that saves the mail as a file. */
function writeSendmail({ directory }: Trees): void {
  const sendmail = join(directory, 'sbin', 'sendmail');
  writeFileSync(
    sendmail,
    `#!/bin/sh\ncat > '${directory}/mail.part' && mv '${directory}/mail.part' '${directory}/mail'\n`,
  );
  chmodSync(sendmail, 0o755);
}

async function whileCronRuns({ directory, source }: Trees, body: () => Promise<void>): Promise<void> {
  const args = ['--mount', '--propagation', 'private', PRIVATE_CRON, directory, source];
  const cron = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(cron, 'close');
  try {
    await body();
  } finally {
    cron.kill();
    await ended;
  }
}

function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
}

describeWith(['root', 'cron', 'mount namespaces'], 'the example for cron', () => {
  test('syncs silently, and sends mail if too much would be deleted', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), d: dir({ b: file('y') }) });
    const full = `${trees.destination}-full`;
    mkdirSync(full);
    await writeTree(full, { stray1: file('1'), stray2: file('2') });
    writeCrontab(trees);
    writeSendmail(trees);
    const mail = join(trees.directory, 'mail');
    await whileCronRuns(trees, async () => {
      await expect.poll(() => endOf(`${trees.destination}.log`), { timeout: 60_000 }).toContain('Success');
      await expect.poll(() => existsSync(mail), { timeout: 60_000 }).toBe(true);
    });
    await expectSame(trees);
    const text = readFileSync(mail, 'utf8');
    expect(text).toMatch(/^Subject: Cron <root@[^>]*> efs-sync -q --delete --max-delete=10% .*-full$/m);
    expect(text.split('\n\n')[1]).toMatch(
      /^efs-sync: Incomplete: delete limit reached: 2 paths to delete, .*status 25\)\n$/,
    );
    expect(existsSync(join(full, 'stray1'))).toBe(true);
  }, 150_000);
});
