/** Says of calls that are under way what they are about, without asking any file system but /proc. */
import { readFileSync, readlinkSync } from 'node:fs';
import type { Mount } from '../model/location.ts';
import type { NotedCall } from './linux/call-notes.ts';
import { mountOf, parseMounts } from './mounts.ts';

export interface StuckCall {
  readonly call: string;
  /** Absolute where it is known, latin1. */
  readonly path: string;
  /** Undefined: it is about no file, or the descriptor is closed by now. */
  readonly mount: Mount | undefined;
}

export function describeCalls(calls: readonly NotedCall[]): StuckCall[] {
  const mounts = parseMounts(readFileSync('/proc/self/mountinfo', 'latin1'));
  return calls.map((noted) => describeCall(noted, mounts));
}

function describeCall({ call, fd, name }: NotedCall, mounts: readonly Mount[]): StuckCall {
  if (fd < 0) {
    const path = throughDescriptor(name);
    return { call, path, mount: mountOf(mounts, path) };
  }
  // RACE: close(2) gives the number back before it waits, and something else may have it by now.
  const open = call === 'close' ? undefined : readDescriptor(fd);
  if (open === undefined) return { call, path: name, mount: undefined };
  const path = name === '' || name === '.' ? open.path : `${open.path.replace(/\/$/, '')}/${name}`;
  return { call, path, mount: mountOf(mounts, open.mountId) };
}

/** Extended attributes are asked for by a descriptor's name in /proc. */
function throughDescriptor(name: string): string {
  const [, fd, below] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(name) ?? [];
  const open = fd === undefined ? undefined : readDescriptor(Number(fd));
  return open === undefined ? name : open.path + (below ?? '');
}

/** As the kernel remembers it: looks nothing up. Undefined: nothing is open under that number. */
function readDescriptor(fd: number): { path: string; mountId: number } | undefined {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`, 'latin1');
    const [, mountId] = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return { path, mountId: Number(mountId) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
