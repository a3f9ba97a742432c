/** The history is bounded, survives damage and full disks, and is written for its user alone. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { historyFiles, readStatus, record, showStatus, stateOf } from '../support/history.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, run, sync, test, verify } from '../support/scenario.ts';
import { writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

describe('the history', () => {
  test('keeps a hundred executions of a task, without leftovers of killed writers', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const [first = ''] = historyFiles(stateOf(trees));
    const history = join(stateOf(trees), 'history');
    const text = readFileSync(join(history, first), 'utf8');
    const [mark = ''] = first.split('-');
    const nameOf = (index: number): string => `${mark}-${String(1000 + index).padStart(13, '0')}-x`;
    for (let index = 0; index < 120; index++) writeFileSync(join(history, nameOf(index)), text);
    writeFileSync(join(history, `${nameOf(0)}.new`), text.slice(0, 99));
    utimesSync(join(history, `${nameOf(0)}.new`), 1, 1);
    writeFileSync(join(history, `${nameOf(1)}.new`), text.slice(0, 99));
    await record(trees);
    const names = historyFiles(stateOf(trees));
    expect(names.filter((name) => !name.endsWith('.new'))).toHaveLength(100);
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([`${nameOf(1)}.new`]);
    expect(names).toContain(first);
    expect(names).not.toContain(nameOf(21));
  });

  test('that is damaged is shown as far as it is readable', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const [name = ''] = historyFiles(stateOf(trees));
    for (const [index, text] of ['', '{"format":1,', '{"format":2}\n', 'null}\n'].entries()) {
      writeFileSync(join(stateOf(trees), 'history', `${name}${index}`), text);
    }
    const { stdout, stderr } = await showStatus(trees);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toMatch(/^efs-sync: warning: 4 executions in the history cannot be read/);
  });

  test('of two concurrent runs has both', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const others = ['one', 'two', 'three', 'four'].map((name) => join(trees.directory, name));
    for (const destination of others) mkdirSync(destination);
    const runs = [...others, ...others].map(async (destination) =>
      run(['verify', trees.source, destination, '-q', `--state-dir=${stateOf(trees)}`], { status: 40 }),
    );
    await Promise.all(runs);
    const { tasks, executions } = await readStatus(stateOf(trees));
    expect([tasks.length, executions.length]).toEqual([4, 8]);
  });

  test('that cannot be written does not affect the run, which warns once', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    mkdirSync(stateOf(trees), { mode: 0o700 });
    writeFileSync(join(stateOf(trees), 'history'), '');
    const { stderr } = await sync(trees, [`--state-dir=${stateOf(trees)}`]);
    expect(stderr).toMatch(
      /^efs-sync: warning: this run is not in the history: cannot use state directory .*\n$/,
    );
  });
});

describeWith(['tmpfs mount'], 'a history on a full disk', () => {
  test('does not change how a run ends, and records nothing false', async ({ trees }) => {
    await writeManyFiles(trees);
    mkdirSync(stateOf(trees), { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', stateOf(trees)]);
    try {
      await record(trees);
      const fill = `head -c 1M /dev/zero > ${stateOf(trees)}/fill`;
      execFileSync('sh', ['-c', `${fill} || true`], { stdio: 'ignore' });
      const { stderr } = await sync(trees, [`--state-dir=${stateOf(trees)}`]);
      expect(stderr).toMatch(/^efs-sync: warning: .* history.*: No space left on device.*\n$/i);
      expect((await readStatus(stateOf(trees))).executions).toMatchObject([{ status: 'Success' }]);
    } finally {
      execFileSync('umount', [stateOf(trees)]);
    }
  });
});

describeWith(['root', 'another user'], 'a state directory that other users can access', () => {
  test('is not written by a run, nor read by status', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    giveToNobody(trees);
    const shared = join(trees.directory, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    symlinkSync(trees.source, join(shared, 'history'));
    await verify(trees, [`--state-dir=${shared}`], { status: 40 });
    const { stderr } = await run(['status', `--state-dir=${shared}`], { status: 3 });
    expect(stderr).toMatch(/other users can access it/);
    expect(execFileSync('find', [trees.source, '-type', 'f'], { encoding: 'utf8' })).toBe(
      `${trees.source}/a\n`,
    );
  });
});
