import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decideLinkGroup } from '../../../src/policy/link-groups.ts';

/** `x` is a destination inode, `x!` one whose content is wrong, empty a name that is not there. */
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
    const decision = decideLinkGroup(members.map(member), (key) => claimed.includes(key));
    expect(decision).toEqual({ leader, isLeaderNew, toLink });
  });
});

interface Name {
  readonly group: number;
  /** 0: not at the destination. */
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

/** Carries the decisions out on a destination that is a list of inodes, one a name. */
function inodesAfter(all: readonly Name[]): string[] {
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
    const decision = decideLinkGroup(members, (key) => claimed.has(key));
    const leader = indexes[decision.leader] as number;
    if (decision.isLeaderNew) inodes[leader] = `new ${group}`;
    else claimed.add(inodes[leader] as string);
    for (const index of decision.toLink) inodes[indexes[index] as number] = inodes[leader] as string;
  }
  return inodes;
}

test('names share an inode in the end exactly where they do in the source', () => {
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

test('an inode that is kept was right under the name that keeps it', () => {
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
