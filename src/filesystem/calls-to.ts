/** How the main thread calls a root: a mount that hangs must not stop it, with its timers and signals. */
import type { Location } from '../model/location.ts';
import type { Linux } from './linux/call-table.ts';
import { linuxCalls } from './linux/linux.ts';
import type { Root } from './root.ts';

export function callsTo({ isRemote }: Pick<Location, 'isRemote'>): Linux {
  return linuxCalls(isRemote ? 'pooled' : 'blocking');
}

export function rootOf(location: Pick<Location, 'isRemote' | 'fd'>): Root {
  return { linux: callsTo(location), fd: location.fd };
}
