/** Every version of NFS works as source and destination: a tree is copied, updated, and verified. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, verify } from '../support/scenario.ts';
import { lab, test } from '../support/nfs-lab.ts';
import { dir, fifo, file, hardLink, symlink, utf8 } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const VERSIONS = ['3', '4.0', '4.1', '4.2'];
const TIME = { mtimeNs: 1_600_000_000_123_456_789n };

const TREE: Tree = {
  empty: file('', TIME),
  small: file('x', { ...TIME, uid: 1000, gid: 1001, mode: 0o640 }),
  suid: file('x', { ...TIME, uid: 1000, mode: 0o4755 }),
  large: file(Buffer.alloc(3_000_001, 'abc'), TIME),
  [utf8('Größe')]: file('x', TIME),
  'a\nb\xff': file('x', TIME),
  d: dir({ e: dir({ f: hardLink('small'), l: symlink('../small', { uid: 7 }) }, TIME) }, { mode: 0o2751 }),
  pipe: fifo(TIME),
};

const UPDATE: Tree = {
  small: file('another', { ...TIME, uid: 1002 }),
  large: dir({ now: symlink('a directory') }),
  d: dir({ e: file('no longer a directory') }),
};

describeWith(['NFS servers that take faults', 'root'], 'NFS', () => {
  let mounts = '';
  const mountOf = (version: string) => join(mounts, version);

  beforeAll(() => {
    mounts = mkdtempSync('/mnt/efs-sync-test-');
    for (const version of VERSIONS) lab(`mount ${version} ${mountOf(version)}`);
  });

  afterAll(() => {
    for (const version of VERSIONS) execFileSync('umount', [mountOf(version)]);
    rmSync(mounts, { recursive: true });
  });

  test.for(VERSIONS.flatMap((version) => [[version, 'source'] as const, [version, 'destination'] as const]))(
    'v%s as %s',
    async ([version, side], { trees }) => {
      const directory = join(mountOf(version), basename(trees.directory));
      mkdirSync(directory);
      const pair = { ...trees, [side]: directory };
      await writeTree(pair.source, TREE, TIME);
      await sync(pair, ['--preserve=owner,mode,mtime,specials']);
      await expectSame(pair);
      await writeTree(pair.source, UPDATE, TIME);
      rmSync(join(pair.source, 'a\nb\xff'), { force: true });
      execFileSync('rm', [join(pair.source, 'empty')]);
      await sync(pair, ['--preserve=owner,mode,mtime,specials', '--delete']);
      await expectSame(pair);
      await expectNothingToDo(pair, ['--preserve=owner,mode,mtime,specials', '--delete']);
      const { output } = await verify(pair, ['--delete']);
      expect(output).not.toMatch(/cache/);
      execFileSync('rm', ['-rf', directory]);
    },
  );
});
