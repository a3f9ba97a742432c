/**
 * A full server says so at close, when the client has accepted all data: the run ends, and no half file
 * stays.
 */
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync } from '../support/scenario.ts';
import { expectNames, expectSameOnServers, test, withLab } from '../support/nfs-lab.ts';
import { NOBODY } from '../support/run-cli.ts';
import { file, sparse } from '../support/tree.ts';

const MIB = 1024 * 1024;
const DATA = 'data'.repeat(MIB);

describeWith(['NFS servers that take faults', 'another user'], 'no room', () => {
  test.for([
    ['a file', [], DATA.length],
    ['a file with --partial', ['--partial'], DATA.length],
    ['a file that is copied in ranges', [], 65 * MIB],
  ] as const)('on a full disk: %s', async ([, args, sizeBytes], { nfs }) => {
    await writeTree(nfs.onServers.source, { large: sparse(sizeBytes, [[0, DATA]]) });
    await withLab('fill efs 1024', 'fill --free efs', async () => {
      const { stderr } = await sync(nfs, args, { status: 11 });
      expect(stderr).toMatch(/No space left on device/);
      await expectNames(nfs, []);
    });
    await sync(nfs, args);
    await expectSameOnServers(nfs);
  });

  test('on a full disk, an older version stays complete', async ({ nfs }) => {
    await writeTree(nfs.onServers.source, { a: file('old') });
    await sync(nfs);
    await writeTree(nfs.onServers.source, { a: file(Buffer.alloc(2 * MIB, 'new')) });
    await withLab('fill efs 512', 'fill --free efs', async () => {
      await sync(nfs, [], { status: 11 });
      await expectNames(nfs, ['a']);
    });
    await writeTree(nfs.onServers.source, { a: file('old') });
    await sync(nfs, ['--size-only']);
    await sync(nfs);
    await expectSameOnServers(nfs);
  });

  // EFS has no quotas. There EDQUOT means too many calls in flight, so it is retried.
  test("in the user's quota", async ({ nfs }) => {
    await writeTree(nfs.onServers.source, { large: file(DATA) });
    giveToNobody(nfs);
    await withLab(`setquota ${NOBODY} 1 efs`, `setquota ${NOBODY} 0 efs`, async () => {
      const { stderr } = await sync(nfs, [], { asNobody: true, status: 23 });
      expect(stderr).toMatch(/Disk quota exceeded/);
      await expectNames(nfs, []);
    });
    await sync(nfs, [], { asNobody: true });
    await expectSameOnServers(nfs);
  });
});
