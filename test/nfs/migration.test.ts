/** The migration guide, followed as written: each command works, prints what the guide shows, and leads to equal trees. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agreesWith, readGuide, withoutNumbers } from '../support/guide.ts';
import {
  mountAsClient,
  startMigrationLab,
  startWorking,
  stopMigrationLab,
  typeIn,
} from '../support/migration-lab.ts';
import type { MigrationLab } from '../support/migration-lab.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { dir, file, hardLink, sparse, symlink, utf8 } from '../support/tree.ts';
import type { NamedNode, Tree } from '../support/tree.ts';

const GUIDE = readGuide(readFileSync(new URL('../../docs/migration.md', import.meta.url), 'utf8'));
const USERS = { gid: 1001, mode: 0o664 };

function homeOf(uid: number): Tree {
  const files = Array.from({ length: 100 }, (_, index): NamedNode => {
    return [`f${index}`, file(`${index}`.repeat(index * 40), { ...USERS, uid })];
  });
  return [...files, ['.key', file('only for its owner', { uid, gid: uid, mode: 0o600 })]];
}

const EXPORT: Tree = {
  home: dir(
    Array.from({ length: 30 }, (_, index): NamedNode => {
      const uid = 2000 + index;
      return [`u${index}`, dir(homeOf(uid), { uid, gid: 1001, mode: 0o775 })];
    }),
  ),
  log: dir({ 'current.log': file('begun\n', { ...USERS, uid: 1001 }) }, { uid: 1001, gid: 1001 }),
  shared: dir({
    first: file('of three names', { uid: 2001, gid: 100 }),
    second: hardLink('shared/first'),
    [utf8('dritte Datei, übrigens')]: hardLink('shared/first'),
    link: symlink('../home/u1/f1', { uid: 2001, gid: 100 }),
    dangling: symlink('/nowhere/at/all'),
    'disk.img': sparse(64 << 20, [
      [4096, 'data'],
      [48 << 20, 'more'],
    ]),
    video: file(Buffer.alloc(8 << 20, 'frame')),
  }),
};

let lab: MigrationLab;
let stopWorking: () => Promise<void>;

/** Checks the result of a section's steps on the servers. */
const RESULTS: Readonly<Record<string, () => Promise<void>>> = {
  'The last sync, and the proof': async () => {
    expect(await compareTrees(lab.source, lab.destination)).toEqual([]);
  },
  'Rolling back': async () => {
    const first = readFileSync(join(lab.source, 'home/u1/first'), 'utf8');
    expect(first).toBe('the first words on EFS\nback again\n');
    const ignore = ['home/u1/first'];
    expect(await compareTrees(lab.destination, lab.source, { ignore })).toEqual([]);
  },
};

describeWith(['NFS servers that take faults', 'root', 'rsync'], 'the migration guide', () => {
  beforeAll(async () => {
    lab = startMigrationLab();
    await writeTree(lab.source, EXPORT);
    mountAsClient();
    const controller = new AbortController();
    const working = startWorking(controller.signal);
    stopWorking = async () => {
      controller.abort();
      await working;
    };
  });

  afterAll(async () => {
    await stopWorking();
    stopMigrationLab(lab);
  });

  test.for(GUIDE)('$title', async ({ title, steps }) => {
    for (const step of steps) {
      // "have users log out, stop services"
      if (step.prompt === 'client#') await stopWorking();
      const printed = typeIn(lab, step);
      expect(withoutNumbers(printed), step.command).toMatch(agreesWith(step.output));
    }
    await RESULTS[title]?.();
  });
});
