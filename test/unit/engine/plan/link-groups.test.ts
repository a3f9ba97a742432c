import fc from 'fast-check';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { createSpool } from '../../../../src/filesystem/spool.ts';
import { linkGroups } from '../../../../src/engine/plan/link-groups.ts';
import type { LinkRecord } from '../../../../src/engine/plan/records.ts';
import { Plan } from '../../../../src/engine/plan/plan.ts';
import { PlanSpool } from '../../../../src/engine/plan/plan-spool.ts';
import { PlanWriter } from '../../../../src/engine/plan/plan-writer.ts';
import { entryOf } from '../../../support/entries.ts';

/** Few inodes on few devices, numbers alike in their low bits, so that names meet. */
const names = fc.uniqueArray(
  fc.record({
    path: fc.tuple(fc.constantFrom('', 'a', 'a/b', 'a.'), fc.constantFrom('x', 'y', 'z', '\xff')),
    inode: fc.constantFrom(1n, 2n, 2n ** 32n + 1n, 2n ** 63n + 1n),
    device: fc.constantFrom(1, 2),
    unit: fc.integer({ min: 0, max: 1 }),
  }),
  { selector: ({ path }) => path.join('/'), maxLength: 16 },
);

function recordOf([directoryPath, name]: [string, string], inode: bigint, device: number): LinkRecord {
  const source = entryOf({ inode, device, linkCount: 2 });
  const change = { action: 'write', name, differences: 1, source } as const;
  return { directoryPath, change, destinationInode: 0n, destinationDevice: 0, wasRefused: false };
}

it('gives each inode’s names, of whichever unit, once and sorted by path', async () => {
  await fc.assert(
    fc.asyncProperty(names, async (all) => {
      const spool = await createSpool(tmpdir());
      const records = new PlanSpool(spool);
      const writers = [new PlanWriter(), new PlanWriter()];
      const expected = new Map<string, string[]>();
      for (const { path, inode, device, unit } of all) {
        writers[unit]?.link(recordOf(path, inode, device));
        const key = `${device}:${inode}`;
        expected.set(key, [...(expected.get(key) ?? []), path.join('/')].toSorted());
      }
      const plan = new Plan(records);
      for (const writer of writers) plan.take(writer.takeRecords());
      const groups = [...linkGroups(records, plan.links)].map((members): [string, string[]] => [
        `${members[0]?.change.source.device}:${members[0]?.change.source.inode}`,
        members.map((member) => `${member.directoryPath}/${member.change.name}`),
      ]);
      await spool.close();
      expect(groups).toHaveLength(expected.size);
      expect(new Map(groups)).toEqual(expected);
    }),
  );
});
