/** Describes the files of calls in flight, without asking any file system but /proc. */
import type { ByteString } from '../../model/byte-string.ts';
import { readFileSync, readlinkSync } from 'node:fs';
import type { Mount } from '../../model/run/location.ts';
import type { NotedCall } from '../../linux/call-notes.ts';
import { mountOf, parseMounts } from './mounts.ts';

export interface StuckCall {
  readonly call: string;
  /** Absolute if known; latin1. */
  readonly path: ByteString;
  /** Undefined: the call concerns no file, or the descriptor is closed by now. */
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
  // RACE: close(2) frees the number before it waits, so another file may have it by now.
  const open = call === 'close' ? undefined : readDescriptor(fd);
  if (open === undefined) return { call, path: name, mount: undefined };
  const path = name === '' || name === '.' ? open.path : `${open.path.replace(/\/$/, '')}/${name}`;
  return { call, path, mount: mountOf(mounts, open.mountId) };
}

/** Extended attributes are addressed by a descriptor's name in /proc. */
function throughDescriptor(name: ByteString): ByteString {
  const [, fd, below] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(name) ?? [];
  const open = fd === undefined ? undefined : readDescriptor(Number(fd));
  return open === undefined ? name : open.path + (below ?? '');
}

/** The kernel's record of the path: needs no lookup. Undefined if the descriptor is not open. */
function readDescriptor(fd: number): { path: ByteString; mountId: number } | undefined {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`, 'latin1');
    const [, mountId] = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return { path, mountId: Number(mountId) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
