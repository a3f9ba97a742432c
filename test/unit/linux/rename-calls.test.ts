import { expect, test } from 'vitest';
import { CALL_TABLE, type Call, type CallName, type Linux } from '../../../src/linux/call-table.ts';
import { renameCalls } from '../../../src/linux/rename-calls.ts';

const echo = (...args: unknown[]): unknown => args;

/** Calls that answer with their arguments, which are whatever the test gives. */
function echoing(): { linux: Linux; made: (name: string, ...args: unknown[]) => unknown } {
  const calls = Object.fromEntries(Object.keys(CALL_TABLE).map((name) => [name, echo]));
  const local = { close: echo, pwrite: echo, statx: echo };
  const linux = renameCalls({ ...calls, style: 'blocking', local } as unknown as Linux, {
    name: 'old',
    as: 'new',
  });
  return { linux, made: (name, ...args) => (linux[name as CallName] as unknown as typeof echo)(...args) };
}

test.each([
  ['openat', [3, 'old', 0, 0], [3, 'new', 0, 0]],
  ['statx', [3, 'old', 0, 0, null], [3, 'new', 0, 0, null]],
  ['renameat', [3, 'old', 4, 'old'], [3, 'new', 4, 'new']],
  ['renameat', [3, '.temporary', 4, 'old'], [3, '.temporary', 4, 'new']],
  ['linkat', [3, 'old', 4, 'older', 0], [3, 'new', 4, 'older', 0]],
  ['symlinkat', ['old', 3, 'old'], ['old', 3, 'new']],
  ['setxattr', ['/proc/self/fd/3', 'old', null, 0, 0], ['/proc/self/fd/3', 'old', null, 0, 0]],
  ['open', ['old', 0, 0], ['old', 0, 0]],
  ['utimensat', [3, 'new', null, 0], [3, 'new', null, 0]],
])('%s %j', (name, args, expected) => {
  const { made } = echoing();
  expect((made(name, ...args) as unknown[]).slice(0, expected.length)).toEqual(expected);
});

test('so do calls that the client answers itself', () => {
  const { linux } = echoing();
  const statx = linux.local.statx as Call;
  expect(statx(3, 'old', 0)).toEqual([3, 'new', 0]);
  expect(linux.style).toBe('blocking');
});
