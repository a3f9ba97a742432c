/** Files and directories replaced behind the client's back, which then holds stale handles (ESTALE). */
import { execFileSync, spawnSync } from 'node:child_process';
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { sync } from '../support/scenario.ts';
import { expectSameOnServers, onceCopying, SLOWLY, test, writeSome } from '../support/nfs-lab.ts';
import { dir, file } from '../support/tree.ts';

/** Gives the same content new inodes and removes the old ones. */
function makeAgain(path: string): void {
  // A run renames its temporary files meanwhile, which cp has listed.
  while (spawnSync('cp', ['-a', path, `${path}.new`]).status !== 0) {
    execFileSync('rm', ['-rf', `${path}.new`]);
  }
  execFileSync('rm', ['-rf', path]);
  renameSync(`${path}.new`, path);
}

describeWith(['NFS servers that take faults'], 'recreated on the server', () => {
  test.for(['source', 'destination'] as const)(
    'before the run: files of the %s that the client has cached',
    async (side, { nfs }) => {
      await writeTree(nfs.onServers.source, { a: file('one'), d: dir({ b: file('two') }) });
      await sync(nfs);
      for (const path of ['a', 'd', 'd/b']) statSync(join(nfs[side], path));
      makeAgain(join(nfs.onServers[side], 'd'));
      makeAgain(join(nfs.onServers[side], 'a'));
      await writeTree(nfs.onServers.source, { d: dir({ b: file('three') }) });
      await sync(nfs);
      await expectSameOnServers(nfs);
    },
  );

  test.for(['source', 'destination'] as const)(
    'during the run: a directory of the %s that is being read',
    async (side, { nfs }) => {
      await writeSome(nfs);
      const onStart = onceCopying(nfs, () => {
        makeAgain(join(nfs.onServers[side], 'd'));
      });
      const { status, output } = await runCli([nfs.source, nfs.destination, ...SLOWLY], { onStart });
      const differences = await compareTrees(nfs.onServers.source, nfs.onServers.destination);
      // A difference is allowed only if it was reported.
      expect(differences.length === 0 ? [0, 23, 24, 40, 41] : [23, 24, 40, 41], output).toContain(status);
      await sync(nfs, ['--delete']);
      await expectSameOnServers(nfs);
    },
  );
});
