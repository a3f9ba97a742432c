/** A network that loses packets, and one that becomes slow in the middle. */
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync } from '../support/scenario.ts';
import { expectSameOnServers, onceCopying, test, withLab, lab, writeSome } from '../support/nfs-lab.ts';
import { dir, file } from '../support/tree.ts';

describeWith(['NFS servers that take faults'], 'the network', () => {
  test('loses one packet in a hundred', async ({ nfs }) => {
    await writeSome(nfs);
    await writeTree(nfs.onServers.source, { more: dir({ large: file(Buffer.alloc(4_000_000, 'more')) }) });
    await withLab('net all loss=1', 'net all loss=0', async () => {
      await sync(nfs);
    });
    await expectSameOnServers(nfs);
  });

  test('becomes fifty times as slow in the middle', async ({ nfs }) => {
    await writeSome(nfs);
    await withLab('net all latency=1', 'net all latency=0', async () => {
      const onStart = onceCopying(nfs, () => {
        lab('net all latency=50');
      });
      await sync(nfs, ['--bwlimit=1000'], { onStart });
    });
    await expectSameOnServers(nfs);
  });
});
