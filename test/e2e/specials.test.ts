/** FIFOs, sockets and devices are made if --preserve asks for them, and left out otherwise. */
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { device, dir, fifo, file, socket } from '../support/tree.ts';

const SPECIALS = '--preserve=owner,mode,mtime,specials';
const DEVICES = '--preserve=owner,mode,mtime,devices';

test('fifos and sockets by --preserve=specials', async ({ trees }) => {
  await writeTree(trees.source, {
    pipe: fifo({ mode: 0o600, mtimeNs: 5n }),
    d: dir({ door: socket({ mode: 0o711, mtimeNs: 6n }) }),
  });
  await sync(trees, [SPECIALS]);
  await expectSame(trees);
  await expectNothingToDo(trees, [SPECIALS]);
});

test("without it they are skipped with rsync's message, and nothing fails", async ({ trees }) => {
  await writeTree(trees.source, { pipe: fifo(), door: socket(), a: file('x') });
  const { output } = await sync(trees);
  expect(output).toContain('skipping non-regular file "pipe"');
  expect(output).toContain('skipping non-regular file "door"');
  await expectSame(trees, { skippedKinds: ['fifo', 'socket'] });
});

describeWith(['root', 'mknod'], 'devices', () => {
  test('by --preserve=devices, with their numbers', async ({ trees }) => {
    await writeTree(trees.source, {
      null: device('character device', [1, 3]),
      large: device('character device', [4095, 1_048_575]),
      disk: device('block device', [8, 17]),
    });
    await sync(trees, [DEVICES]);
    await expectSame(trees);
    await expectNothingToDo(trees, [DEVICES]);
  });

  test('a changed device number is repaired', async ({ trees }) => {
    await writeTree(trees.source, { d: { ...device('character device', [1, 3]), mtimeNs: 5n } });
    await writeTree(trees.destination, { d: { ...device('character device', [1, 5]), mtimeNs: 5n } });
    await sync(trees, [DEVICES]);
    await expectSame(trees);
  });

  test('without it they are skipped', async ({ trees }) => {
    await writeTree(trees.source, { null: device('character device', [1, 3]), a: file('x') });
    await sync(trees);
    await expectSame(trees, { skippedKinds: ['character device'] });
  });
});
