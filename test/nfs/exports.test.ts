/** Exports that restrict root, or are read-only: one sentence names the fix. */
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, verify } from '../support/scenario.ts';
import { expectNames, expectSameOnServers, forgetCaches, test, withLab } from '../support/nfs-lab.ts';
import { dir, file } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const SECRETS: Tree = {
  open: file('x'),
  secret: file('y', { mode: 0o600 }),
  another: file('z', { mode: 0o600 }),
  vault: dir({ in: file('z') }, { mode: 0o700 }),
};

/** The cure must appear exactly once. */
function expectCure(output: string, side: 'source' | 'destination'): void {
  const cures = output.split('\n').filter((line) => line.includes('no_root_squash'));
  expect(cures).toHaveLength(1);
  expect(cures[0]).toContain(side);
}

async function withExport(fault: string, cure: string, body: () => Promise<void>): Promise<void> {
  await withLab(fault, cure, body);
  // The client caches denials.
  forgetCaches();
}

describeWith(['NFS servers that take faults', 'root'], 'an export with', () => {
  test.for(['root_squash', 'all_squash'])('%s, as source', async (option, { nfs }) => {
    await writeTree(nfs.onServers.source, SECRETS);
    await withExport(`export nas ${option}`, 'export nas default', async () => {
      const { output } = await sync(nfs, [], { status: 23 });
      expect(output).toMatch(/cannot copy .*secret: Permission denied/);
      expect(output).toMatch(/cannot list .*vault: Permission denied/);
      expectCure(output, 'source');
      expectCure((await verify(nfs, [], { status: 40 })).output, 'source');
    });
    await sync(nfs);
    await expectSameOnServers(nfs);
  });

  test('root_squash, as source whose root directory is closed', async ({ nfs }) => {
    await writeTree(nfs.onServers.source, { a: file('x') }, { mode: 0o700 });
    await withExport('export nas root_squash', 'export nas default', async () => {
      expectCure((await sync(nfs, [], { status: 3 })).output, 'source');
    });
  });

  test.for(['root_squash', 'all_squash'])('%s, as destination', async (option, { nfs }) => {
    await writeTree(nfs.onServers.source, { a: file('x'), b: file('x') });
    await withExport(`export efs ${option}`, 'export efs default', async () => {
      expectCure((await sync(nfs, [], { status: 23 })).output, 'destination');
    });
    await expectNames(nfs, []);
    await sync(nfs);
    await expectSameOnServers(nfs);
  });

  test.for(['root_squash', 'all_squash'])('%s, as world-writable destination', async (option, { nfs }) => {
    await writeTree(nfs.onServers.source, {
      a: file('x', { uid: 5 }),
      d: dir({ b: file('x') }, { uid: 6 }),
    });
    await writeTree(nfs.onServers.destination, {}, { mode: 0o777 });
    await withExport(`export efs ${option}`, 'export efs default', async () => {
      const { output } = await sync(nfs, [], { status: 23 });
      expect(output).toMatch(/cannot set the owner of .*a: Operation not permitted/);
      expectCure(output, 'destination');
    });
    await sync(nfs);
    await expectSameOnServers(nfs);
  });

  test('ro, as destination', async ({ nfs }) => {
    await writeTree(nfs.onServers.source, { a: file('x') });
    await withExport('export efs ro', 'export efs default', async () => {
      const { output } = await sync(nfs, [], { status: 3 });
      expect(output).toMatch(/its server allows no changes to it .*; export it for writing/);
    });
    await expectNames(nfs, []);
  });
});
