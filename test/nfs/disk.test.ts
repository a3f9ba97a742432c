/**
 * A server's disks fail: everything that could not be read or written is reported, and the next run does it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { sync } from '../support/scenario.ts';
import { expectSameOnServers, forgetCaches, lab, test, withLab } from '../support/nfs-lab.ts';
import { dir, file } from '../support/tree.ts';

/** After an error, the journal accepts no writes until fsck and a new mount. */
function mendDestinationDisk(): void {
  lab('server stop efs');
  for (const server of ['efs', 'nas']) spawnSync('lab-exec', [server, 'umount', '/srv/efs']);
  execFileSync('umount', ['/srv/efs']);
  // 1: errors were corrected.
  expect(spawnSync('e2fsck', ['-fy', '/dev/mapper/labefs']).status).toBeLessThan(2);
  const mount = ['mount', '-o', 'usrquota', '/dev/mapper/labefs', '/srv/efs'];
  execFileSync('env', mount);
  execFileSync('lab-exec', ['efs', ...mount]);
  lab('server start efs');
}

describeWith(['NFS servers that take faults'], 'a disk that fails', () => {
  test('at the source', async ({ nfs }) => {
    await writeTree(nfs.onServers.source, {
      d: dir({ a: file('x'.repeat(20_000)), b: file('y'.repeat(20_000)) }),
    });
    execFileSync('sync');
    forgetCaches();
    // Reads the listing into the cache, but no content.
    await readTree(nfs.source);
    await withLab('disk nas error', 'disk nas ok', async () => {
      const { output } = await sync(nfs, [], { status: 23 });
      expect(output).toMatch(/cannot copy .*a: Input\/output error \(EIO\)/);
    });
    expect([...(await readTree(nfs.onServers.destination)).keys()]).toEqual(['', 'd']);
    await sync(nfs);
    await expectSameOnServers(nfs);
  });

  test('at the destination', async ({ nfs }) => {
    await writeTree(nfs.onServers.source, { a: file('x'.repeat(20_000)), b: file('y'.repeat(20_000)) });
    await sync(nfs);
    await writeTree(nfs.onServers.source, { a: file('z'.repeat(20_000)), c: file('new') });
    execFileSync('sync');
    lab('disk efs error');
    const { status, output } = await runCli([nfs.source, nfs.destination]);
    lab('disk efs ok');
    mendDestinationDisk();
    expect([11, 23], output).toContain(status);
    expect(output).toMatch(/Input\/output error|Read-only file system/);
    await sync(nfs);
    await expectSameOnServers(nfs);
  });
});
