import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSpool, SpoolWriter } from '../../../../src/filesystem/spool.ts';
import { linkGroups } from '../../../../src/phases/plan/link-groups.ts';
import type { LinkRecord } from '../../../../src/phases/plan/link-record.ts';
import { PlanWriter } from '../../../../src/phases/plan/plan-writer.ts';
import { RecordRefs } from '../../../../src/phases/plan/record-refs.ts';
import { entryOf } from '../../../support/entries.ts';

/** Few inodes on few devices, numbers alike in their low bits, so that names meet. */
const names = fc.uniqueArray(
  fc.record({
    path: fc.tuple(fc.constantFrom('', 'a', 'a/b', 'a.'), fc.constantFrom('x', 'y', 'z', '\xff')),
    inode: fc.constantFrom(1n, 2n, 2n ** 32n + 1n, 2n ** 63n + 1n),
    device: fc.constantFrom(1, 2),
    spool: fc.integer({ min: 0, max: 1 }),
  }),
  { selector: ({ path }) => path.join('/'), maxLength: 16 },
);

function recordOf([directoryPath, name]: [string, string], inode: bigint, device: number): LinkRecord {
  const source = entryOf({ inode, device, linkCount: 2 });
  const change = { action: 'write', name, differences: 1, source } as const;
  return { directoryPath, change, destinationInode: 0n, destinationDevice: 0, wasRefused: false };
}

it('gives each inode’s names, of whichever worker, once and sorted by path', async () => {
  await fc.assert(
    fc.asyncProperty(names, async (all) => {
      const fds = [await createSpool(tmpdir()), await createSpool(tmpdir())];
      const spools = fds.map((fd) => new SpoolWriter(fd));
      const writers = spools.map((spool, index) => new PlanWriter(index, spool));
      const expected = new Map<string, string[]>();
      for (const { path, inode, device, spool } of all) {
        writers[spool]?.link(recordOf(path, inode, device));
        const key = `${device}:${inode}`;
        expected.set(key, [...(expected.get(key) ?? []), path.join('/')].toSorted());
      }
      const refs = new RecordRefs();
      for (const writer of writers) refs.append(writer.takeRefs().links);
      for (const spool of spools) spool.flush();
      const groups = [...linkGroups(fds, refs)].map((members): [string, string[]] => [
        `${members[0]?.change.source.device}:${members[0]?.change.source.inode}`,
        members.map((member) => `${member.directoryPath}/${member.change.name}`),
      ]);
      for (const fd of fds) closeSync(fd);
      expect(groups).toHaveLength(expected.size);
      expect(new Map(groups)).toEqual(expected);
    }),
  );
});
