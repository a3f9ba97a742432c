/** What tells this boot of the machine from every other. */
import { readProcFile } from './proc-file.ts';

let known: number | undefined;

/** 32 bits. @throws LocationError */
export function bootNumber(): number {
  known ??= Number.parseInt(readProcFile('/proc/sys/kernel/random/boot_id').slice(0, 8), 16);
  return known;
}
