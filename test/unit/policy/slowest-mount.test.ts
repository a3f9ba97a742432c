/** The mount that a run waits for is named once it is one, and no longer than that. */
import { expect, test } from 'vitest';
import type { Mount } from '../../../src/model/run/location.ts';
import { SlowestMount } from '../../../src/policy/slowest-mount.ts';

const on = (mountPoint: string, isRemote = true) => ({ mount: { mountPoint, isRemote } as Mount });
const [NAS, EFS, LOCAL, NONE] = [on('/nas'), on('/efs'), on('/', false), { mount: undefined }];

function after(looks: readonly Parameters<SlowestMount['look']>[0][]): string | undefined {
  const slowest = new SlowestMount();
  return looks.map((calls) => slowest.look(calls)).at(-1);
}

const many = <T>(count: number, each: T): T[] => Array.from({ length: count }, () => each);

test.each([
  ['two looks are too few', many(2, [NAS]), undefined],
  ['three are not', many(3, [NAS]), '/nas'],
  ['most of the calls', many(5, [NAS, NAS, EFS]), '/nas'],
  ['half of them', many(5, [NAS, EFS]), undefined],
  ['half of them, and local ones', many(5, [NAS, LOCAL]), undefined],
  ['local ones', many(5, [LOCAL, NONE]), undefined],
  ['nothing in flight', many(5, []), undefined],
  ['nothing in flight between', [...many(5, [NAS]), [], []], '/nas'],
  ['the other one later', [...many(9, [NAS]), ...many(6, [EFS])], '/efs'],
])('%s', (_, looks, mountPoint) => {
  expect(after(looks)).toBe(mountPoint);
});
