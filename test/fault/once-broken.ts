/** Cases that broke a promise once: they are tried every time, whatever the seed draws. */
import type { Fault, MadeCall } from './faults.ts';

interface OnceBroken extends Pick<Fault, 'call' | 'kind' | 'lasts' | 'timing'> {
  readonly scenario: string;
  readonly phase: string;
  /** Which of the calls of that name in the phase. */
  readonly which: 'first' | 'middle' | 'last' | 'each';
}

const INSTEAD = { lasts: 'once', timing: 'instead' } as const;
const ALWAYS = { lasts: 'always', timing: 'instead' } as const;
const AFTER = { lasts: 'once', timing: 'after' } as const;

const ONCE_BROKEN: readonly OnceBroken[] = [
  // The run ended as a bug.
  { scenario: 'dry run', call: 'close', phase: 'preparing', which: 'first', kind: 'EINTR', ...INSTEAD },
  { scenario: 'copy', call: 'close', phase: 'after verifying', which: 'first', kind: 'EIO', ...ALWAYS },
  { scenario: 'dry run', call: 'listxattr', phase: 'preparing', which: 'last', kind: 'EIO', ...INSTEAD },
  { scenario: 'verify', call: 'statx', phase: 'start', which: 'last', kind: 'EACCES', ...INSTEAD },
  { scenario: 'verify', call: 'node:readFile', phase: 'start', which: 'first', kind: 'EMFILE', ...INSTEAD },
  { scenario: 'copy', call: 'node:read', phase: 'preparing', which: 'first', kind: 'EIO', ...INSTEAD },
  // Descriptors leaked.
  { scenario: 'copy', call: 'open', phase: 'start', which: 'middle', kind: 'ENOSPC', ...INSTEAD },
  { scenario: 'copy', call: 'node:readFile', phase: 'start', which: 'last', kind: 'EMFILE', ...INSTEAD },
  { scenario: 'crowded', call: 'unlinkat', phase: 'syncing', which: 'first', kind: 'EROFS', ...INSTEAD },
  // The run never ended.
  { scenario: 'in place', call: 'pread', phase: 'syncing', which: 'first', kind: 'EINTR', ...ALWAYS },
  // The wrong side was blamed.
  { scenario: 'update', call: 'listxattr', phase: 'preparing', which: 'middle', kind: 'EACCES', ...INSTEAD },
  { scenario: 'copy', call: 'openat2', phase: 'syncing', which: 'each', kind: 'EACCES', ...INSTEAD },
  { scenario: 'dry run', call: 'readlinkat', phase: 'preparing', which: 'each', kind: 'EACCES', ...INSTEAD },
  // A file with holes was truncated, and the run succeeded.
  { scenario: 'in place', call: 'pread', phase: 'syncing', which: 'each', kind: 'nothing', ...INSTEAD },
  // A temporary file was left behind silently.
  { scenario: 'update', call: 'linkat', phase: 'syncing', which: 'first', kind: 'ESTALE', ...AFTER },
  { scenario: 'update', call: 'openat', phase: 'syncing', which: 'each', kind: 'ETIMEDOUT', ...AFTER },
  { scenario: 'crowded', call: 'mkdirat', phase: 'syncing', which: 'last', kind: 'ESTALE', ...AFTER },
  { scenario: 'crowded', call: 'openat2', phase: 'syncing', which: 'each', kind: 'EMFILE', ...INSTEAD },
  { scenario: 'crowded', call: 'getdents64', phase: 'syncing', which: 'each', kind: 'EIO', ...INSTEAD },
  // Files of a hard link group were split silently.
  { scenario: 'update', call: 'renameat', phase: 'syncing', which: 'each', kind: 'EMLINK', ...INSTEAD },
  // Entries were deleted although the source could not be listed.
  { scenario: 'update', call: 'getdents64', phase: 'preparing', which: 'first', kind: 'EIO', ...INSTEAD },
  // A full disk was reported as an interruption.
  {
    scenario: 'update, transferred',
    call: 'unlinkat',
    phase: 'syncing',
    which: 'each',
    kind: 'ENOSPC',
    ...ALWAYS,
  },
];

export function onceBroken(scenario: string, made: readonly MadeCall[]): Fault[] {
  return ONCE_BROKEN.filter((broken) => broken.scenario === scenario).flatMap((broken) => {
    const { call, phase, kind, lasts, timing, which } = broken;
    const calls = made.filter((one) => one.call === call && one.phase === phase);
    if (calls.length === 0) throw new Error(`${scenario} makes no ${call} in ${phase}`);
    const chosen = which === 'each' ? calls : [calls[indexOf(which, calls.length)] as MadeCall];
    return chosen.map(({ nth }) => ({ call, nth, kind, lasts, timing }));
  });
}

function indexOf(which: 'first' | 'middle' | 'last', count: number): number {
  if (which === 'first') return 0;
  return which === 'last' ? count - 1 : Math.floor(count / 2);
}
