/** A mount that appears below the destination during a run is noticed before anything in it is deleted. */
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { bind, unmountingBelow } from '../support/mounts.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const SOURCE = { a: file('precious'), part: dir({ s: file('s'), deep: dir({ c: file('c') }) }), both: dir() };
const DESTINATION = { a: file('old'), both: dir(), stray: dir({ s: file('s') }) };

interface Held {
  /** The operation on the source that hangs until `act` is done, which shows where the run is. */
  readonly op: string;
  /** @param source the path of the source as the run sees it */
  readonly act: (source: string) => void;
  readonly args: readonly string[];
  readonly status: number;
}

async function syncHeld(trees: Trees, { op, act, args, status }: Held): Promise<string> {
  await writeTree(trees.source, SOURCE);
  await writeTree(trees.destination, DESTINATION);
  const place = { backing: trees.source, mountPoint: `${trees.directory}/slow` };
  const { stderr } = await withLatfs(place, [], async (slow) =>
    unmountingBelow(trees.destination, async () => {
      slow.ctl(`op=${op}`, 'action=hang', 'count=1');
      return run([slow.mountPoint, trees.destination, ...args], {
        status,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (slow.stats().hung === 0) return;
            clearInterval(timer);
            act(slow.mountPoint);
            slow.ctl('unhang');
          }, 20);
          child.on('exit', () => {
            clearInterval(timer);
          });
        },
      });
    }),
  );
  return stderr;
}

async function expectKept(trees: Trees): Promise<void> {
  expect([...(await readTree(trees.source)).keys()]).toEqual([
    '',
    'a',
    'both',
    'part',
    'part/deep',
    'part/deep/c',
    'part/s',
  ]);
  expect((await readTree(trees.destination)).has('stray/s')).toBe(true);
}

describeWith(['root', 'tmpfs mount', 'latfs'], 'a part of the source, mounted at the destination', () => {
  test.for(['stray', 'both'])('while the source is listed: %s', async (where, { trees }) => {
    const act = (source: string) => bind(`${source}/part`, `${trees.destination}/${where}`);
    const stderr = await syncHeld(trees, {
      op: 'readdir',
      act,
      args: ['--delete'],
      status: where === 'both' ? 3 : 23,
    });
    expect(stderr).toMatch(
      where === 'both'
        ? /cannot sync .*: below the destination there is a mount, .* that shows the source/
        : /stray: it is a mount point/,
    );
    await expectKept(trees);
  });

  test('after the plan was made', async ({ trees }) => {
    const act = (source: string) => bind(`${source}/part`, `${trees.destination}/stray`);
    const args = ['--delete', '--verify=none'];
    const stderr = await syncHeld(trees, { op: 'read', act, args, status: 11 });
    expect(stderr).toMatch(
      /cannot continue: below the destination there is a mount, .* that shows the source/,
    );
    await expectKept(trees);
  });
});

describeWith(['root', 'tmpfs mount', 'latfs'], 'an unrelated file system', () => {
  test('is not emptied if it is mounted after the plan was made', async ({ trees }) => {
    const other = `${trees.directory}/other`;
    mkdirSync(other);
    await writeTree(other, { s: file('other') });
    const act = () => bind(other, `${trees.destination}/stray`);
    const args = ['--delete', '--verify=none'];
    const stderr = await syncHeld(trees, { op: 'read', act, args, status: 23 });
    expect(stderr).toMatch(/cannot open \S*\/stray: something was mounted there after it was listed/);
    expect((await readTree(other)).has('s')).toBe(true);
    await expectKept(trees);
  });
});
