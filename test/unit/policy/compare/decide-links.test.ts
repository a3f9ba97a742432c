import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decideLinkGroup } from '../../../../src/policy/compare/decide-links.ts';

/** `x` is a destination inode, `x!` one with wrong content, and the empty text a missing name. */
function member(text: string) {
  return { destinationKey: text.replace('!', ''), needsWrite: text === '' || text.endsWith('!') };
}

describe('decideLinkGroup', () => {
  it.for<[string, string[], string[], number, boolean, number[]]>([
    ['all new', ['', '', ''], [], 0, true, [1, 2]],
    ['a name of its own, right', ['x'], [], 0, false, []],
    ['a name of its own, wrong', ['x!'], [], 0, true, []],
    ['together and right', ['x', 'x'], [], 0, false, []],
    ['together and wrong', ['x!', 'x!'], [], 0, true, [1]],
    ['together, wrong when first seen', ['x!', 'x'], [], 1, false, [0]],
    ['apart and right', ['x', 'y'], [], 0, false, [1]],
    ['one is there', ['', 'x'], [], 1, false, [0]],
    ['one is right', ['x!', 'y'], [], 1, false, [0]],
    ['most are together', ['x', 'y', 'y', 'z'], [], 1, false, [0, 3]],
    ['as many here as there: whoever is first to be as many', ['x', 'y', 'y', 'x'], [], 1, false, [0, 3]],
    ['most are kept by another group', ['x', 'y', 'y'], ['y'], 0, false, [1, 2]],
    ['all are kept by another group', ['x', 'x'], ['x'], 0, true, [1]],
    ['a name apart, kept by another group', ['x'], ['x'], 0, true, []],
  ])('%s', ([, members, claimed, leader, isLeaderNew, toLink]) => {
    const decisions = decideLinkGroup(members.map(member), (key) => claimed.includes(key));
    expect(decisions).toEqual([{ leader, isLeaderNew, toLink }]);
  });

  it('missing names share no inode, whether or not they are written', () => {
    const absent = { destinationKey: '', needsWrite: false };
    const decisions = decideLinkGroup([absent, absent, member('x')], () => false);
    expect(decisions).toEqual([{ leader: 2, isLeaderNew: false, toLink: [0, 1] }]);
  });

  type File = [leader: number, isLeaderNew: boolean, toLink: number[]];
  it.for<[string, string[], File[]]>([
    [
      'all new',
      ['', '', '', '', ''],
      [
        [0, true, [1]],
        [2, true, [3]],
        [4, true, []],
      ],
    ],
    [
      'as it was left',
      ['x', 'x', 'y', 'y', 'z'],
      [
        [0, false, []],
        [2, false, []],
        [4, false, []],
      ],
    ],
    [
      'more than are needed',
      ['x', 'y', 'z', ''],
      [
        [0, false, [2]],
        [1, false, [3]],
      ],
    ],
    [
      'full ones, and what is new',
      ['x', 'x', '', '', ''],
      [
        [0, false, []],
        [2, true, [3]],
        [4, true, []],
      ],
    ],
    ['no more names than one may have', ['x', ''], [[0, false, [1]]]],
  ])('two names per inode: %s', ([, members, files]) => {
    const decisions = decideLinkGroup(members.map(member), () => false, 2);
    expect(decisions).toEqual(
      files.map(([leader, isLeaderNew, toLink]) => ({ leader, isLeaderNew, toLink })),
    );
  });
});

interface Name {
  readonly group: number;
  /** 0: missing at the destination. */
  readonly destination: number;
  readonly isWrong: boolean;
}

const names: fc.Arbitrary<Name[]> = fc.array(
  fc.record({
    group: fc.integer({ min: 0, max: 3 }),
    destination: fc.integer({ min: 0, max: 4 }),
    isWrong: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Applies the decisions to a destination, modelled as the inode of each name. */
function inodesAfter(all: readonly Name[], limit?: number): string[] {
  const inodes = all.map(({ destination }) => `old ${destination}`);
  const claimed = new Set<string>();
  for (const group of new Set(all.map((name) => name.group))) {
    const indexes = all.flatMap((name, index) => (name.group === group ? [index] : []));
    const members = indexes.map((index) => {
      const { destination, isWrong } = all[index] as Name;
      return {
        destinationKey: destination === 0 ? '' : `old ${destination}`,
        needsWrite: isWrong || destination === 0,
      };
    });
    for (const [file, decision] of decideLinkGroup(members, (key) => claimed.has(key), limit).entries()) {
      const leader = indexes[decision.leader] as number;
      if (decision.isLeaderNew) inodes[leader] = `new ${group} ${file}`;
      else claimed.add(inodes[leader] as string);
      for (const index of decision.toLink) inodes[indexes[index] as number] = inodes[leader] as string;
    }
  }
  return inodes;
}

test('names share an inode exactly if they do in the source', () => {
  fc.assert(
    fc.property(names, (all) => {
      const inodes = inodesAfter(all);
      const firstWith = inodes.map((inode) => inodes.indexOf(inode));
      const firstOfGroup = all.map(({ group }) => all.findIndex((name) => name.group === group));
      expect(firstWith).toEqual(firstOfGroup);
    }),
    { numRuns: 1000 },
  );
});

test('a kept inode was right under the name that keeps it', () => {
  fc.assert(
    fc.property(names, (all) => {
      for (const [index, inode] of inodesAfter(all).entries()) {
        const group = all[index]?.group;
        const isRightSomewhere = all.some(
          (name) => name.group === group && !name.isWrong && `old ${name.destination}` === inode,
        );
        expect(inode.startsWith('new') || isRightSomewhere).toBe(true);
      }
    }),
  );
});

test('with a limit: as few inodes as possible, none shared by two groups, and nothing to do next time', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 4 }), (all, limit) => {
      // No inode at the destination has more names than its limit.
      const given = all.map((name, index) => {
        const before = all.slice(0, index).filter(({ destination }) => destination === name.destination);
        return before.length < limit ? name : { ...name, destination: 0 };
      });
      const inodes = inodesAfter(given, limit);
      for (const group of new Set(given.map((name) => name.group))) {
        const own = inodes.filter((_, index) => given[index]?.group === group);
        const others = new Set(inodes.filter((_, index) => given[index]?.group !== group));
        expect(new Set(own).size).toBe(Math.ceil(own.length / limit));
        expect(own.filter((inode) => others.has(inode))).toEqual([]);
        for (const inode of own)
          expect(own.filter((other) => other === inode).length).toBeLessThanOrEqual(limit);
      }
      const numbers = new Map([...new Set(inodes)].map((inode, index) => [inode, index + 1]));
      const next = given.map(({ group }, index) => {
        const destination = numbers.get(inodes[index] as string) as number;
        return { group, destination, isWrong: false };
      });
      expect(inodesAfter(next, limit)).toEqual(next.map(({ destination }) => `old ${destination}`));
    }),
    { numRuns: 2000 },
  );
});
