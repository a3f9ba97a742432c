/** The bytes of one record of the plan. */
import { readSpool } from '../../filesystem/spool.ts';
import type { RecordRef } from './record-refs.ts';

export function readRecord(spoolFds: readonly number[], { spool, offset, lengthBytes }: RecordRef): Buffer {
  return readSpool(spoolFds[spool] as number, offset, lengthBytes);
}
