/** How much the kernel has yet to write, of all file systems: tells a flush that goes on from one that hangs. */
import { readFileSync } from 'node:fs';

const UNWRITTEN = /^(?:Dirty|Writeback|NFS_Unstable): +(\d+) kB$/gm;

/** Undefined: this machine does not tell. */
export function unwrittenKib(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/meminfo', 'latin1');
  } catch {
    // Then a flush that lasts is judged as every other call.
    return undefined;
  }
  return unwrittenIn(text);
}

/** @param meminfo proc(5) */
export function unwrittenIn(meminfo: string): number | undefined {
  const parts = [...meminfo.matchAll(UNWRITTEN)].map(([, kib]) => Number(kib));
  return parts.length === 0 ? undefined : parts.reduce((sum, kib) => sum + kib, 0);
}
