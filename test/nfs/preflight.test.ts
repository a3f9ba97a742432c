/** Preflight, a snapshot and a full inode table on NFS. */
import { execFileSync } from 'node:child_process';
import { linkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonEvents } from '../support/json-report.ts';
import { test } from '../support/nfs-lab.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync } from '../support/scenario.ts';
import { dir, file, hardLink } from '../support/tree.ts';

describeWith(['NFS servers that take faults'], 'a source with snapshots', () => {
  test('preflight suggests the option, which reads the latest', async ({ nfs }) => {
    const { onServers, source, destination } = nfs;
    const snapshots = { a: dir({ f: file('a') }), b: dir({ f: file('b'), d: dir({ g: file('b') }) }) };
    await writeTree(onServers.source, { live: file('x'), '.snapshot': dir(snapshots) });
    execFileSync('touch', [join(onServers.source, '.snapshot/b/f')]);
    execFileSync('touch', ['-a', '-d', '2100-01-01', join(onServers.source, '.snapshot/b')]);
    const { stdout } = await run(['preflight', source, destination, '--scan']);
    expect(stdout).toContain('-> use --source-snapshot=latest: ');
    expect(stdout).toContain('[OK]      source: scan: ');
    await sync(nfs, ['--source-snapshot=latest', '--delete']);
    const latest = join(onServers.source, '.snapshot/b');
    expect(await compareTrees(latest, onServers.destination)).toEqual([]);
  });
});

describeWith(['NFS servers that take faults'], 'a server with an unknown limit of names per file', () => {
  test('shows the limit by refusing a link', async ({ nfs }) => {
    const { onServers } = nfs;
    await writeTree(onServers.source, { a: file('x'), b: hardLink('a'), c: hardLink('a'), d: hardLink('a') });
    await writeTree(onServers.destination, { others: dir() });
    const name = join(onServers.destination, 'a');
    execFileSync('cp', ['-p', join(onServers.source, 'a'), name]);
    for (let index = 0; index < 64_998; index++) {
      linkSync(name, join(onServers.destination, `others/n${index}`));
    }
    const { stdout } = await sync(nfs, ['--json']);
    expect(jsonEvents(stdout).filter(({ event }) => event === 'split')).toMatchObject([
      { names: 4, files: 2, limit: 65_000 },
    ]);
    const inodes = ['a', 'b', 'c', 'd'].map((each) => statSync(join(onServers.destination, each)).ino);
    expect(new Set(inodes).size).toBe(2);
    execFileSync('rm', ['-r', join(onServers.destination, 'others')]);
  });
});
