/** A root that is moved or replaced during a run ends it with status 11, at any moment. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const TREE = { a: file('content of a'), d: dir({ f: file('content of f') }) };

/** The command, the source operation during which the root is lost, and the destination's initial content. */
const MODES: readonly (readonly [args: string, op: string, before: 'empty' | 'copied'])[] = [
  ['-n', 'readdir', 'empty'],
  ['-n --checksum', 'read', 'copied'],
  ['--verify=none', 'readdir', 'empty'],
  ['--verify=none', 'read', 'empty'],
  ['--verify=transferred', 'read', 'empty'],
  ['--verify=none --inplace', 'read', 'empty'],
  ['', 'read', 'copied'],
  ['verify', 'readdir', 'copied'],
  ['verify', 'read', 'copied'],
  ['preflight --scan', 'readdir', 'empty'],
];

describeWith(['latfs'], 'a root that is lost', () => {
  test.for(
    MODES.flatMap(([args, op, before]) =>
      (['source', 'destination'] as const).map((side) => ({ args, op, before, side })),
    ),
  )('$side, "$args", while it waits for $op', async ({ args, op, before, side }, { trees }) => {
    await writeTree(trees.source, { root: dir(TREE) });
    if (before === 'copied') await writeTree(trees.destination, TREE);
    const mountPoint = join(trees.directory, 'slow');
    await withLatfs({ backing: trees.source, mountPoint }, [], async (slow) => {
      const source = join(mountPoint, 'root');
      const lost = side === 'source' ? source : trees.destination;
      slow.ctl(`op=${op}`, 'action=hang', 'count=1', 'path=/root/');
      const command = args.split(' ').filter((word) => word !== '');
      const { stderr } = await run([...command, source, trees.destination], {
        status: 11,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (slow.stats().hung === 0) return;
            clearInterval(timer);
            renameSync(lost, `${lost}.away`);
            if (op === 'read') mkdirSync(lost);
            slow.ctl('unhang');
          }, 20);
          child.on('exit', () => {
            clearInterval(timer);
          });
        },
      });
      expect(stderr).toMatch(
        new RegExp(
          `cannot continue: ${side} .* (can no longer be used|is no longer the directory it was at the start)`,
        ),
      );
    });
  });
});
