import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { creationMode } from '../../../src/policy/creation-mode.ts';

describe('creationMode', () => {
  it.each([
    [0o644, false, 0o644],
    [0o644, true, 0o644],
    [0o755, true, 0o755],
    [0o600, true, 0o600],
    [0o640, false, 0o640],
    [0o640, true, 0o600],
    [0o664, true, 0o644],
    [0o2775, false, 0o775],
    [0o2775, true, 0o755],
    [0o4755, false, 0o755],
    [0o6755, true, 0o755],
    [0o1777, true, 0o777],
    [0o000, true, 0o000],
    // Others may read, the group may not: until the group is right, its members are others.
    [0o604, false, 0o604],
    [0o604, true, 0o600],
    [0o077, true, 0o000],
  ])('mode %o, owner will change %s', (wanted, ownerWillChange, created) => {
    expect(creationMode(wanted, ownerWillChange).toString(8)).toBe(created.toString(8));
  });
});

const modes = fc.integer({ min: 0, max: 0o7777 });
const classes = fc.constantFrom(6, 3, 0);

function permissions(mode: number, shift: number): number {
  return (mode >> shift) & 0o7;
}

test('with the final owner, no class of users gets more than it will have', () => {
  fc.assert(
    fc.property(modes, classes, (mode, shift) => {
      const created = creationMode(mode, false);
      return (permissions(created, shift) & ~permissions(mode, shift)) === 0 && created <= 0o777;
    }),
  );
});

test('with another owner, nobody but this process gets more, whatever class they end in', () => {
  fc.assert(
    fc.property(modes, fc.constantFrom(3, 0), classes, (mode, meanwhile, atLast) => {
      const created = creationMode(mode, true);
      return (permissions(created, meanwhile) & ~permissions(mode, atLast)) === 0 && created <= 0o777;
    }),
  );
});

test('this process may do at once what the owner will', () => {
  fc.assert(
    fc.property(modes, fc.boolean(), (mode, ownerWillChange) => {
      return permissions(creationMode(mode, ownerWillChange), 6) === permissions(mode, 6);
    }),
  );
});
