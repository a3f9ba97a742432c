/** One entry that was compared, as it waits in a spool until the verdicts are known. */
import type { Entry } from '../../model/entry.ts';
import type { VerifiedEntry } from '../../model/verified-entry.ts';
import { BinaryWriter, type BinaryReader } from '../plan/binary.ts';
import { readEntry, writeEntry } from '../plan/entry-record.ts';

export interface VerifiedRecord extends Omit<VerifiedEntry, 'verdict'> {
  readonly entry: Entry;
}

/** Before each record. */
export const LENGTH_BYTES = 4;

const writer = new BinaryWriter();

/** With its length before it; valid until the next one. */
export function verifiedRecordBytes({ path, entry, digests, target }: VerifiedRecord): Buffer {
  writer.clear();
  writer.u32(0);
  writer.text(path);
  writeEntry(writer, entry);
  writer.text(digests?.source ?? '');
  writer.text(digests?.destination ?? '');
  // No symbolic link is empty.
  writer.text(target ?? '');
  writer.setU32(0, writer.length - LENGTH_BYTES);
  return writer.bytes();
}

export function readVerifiedRecord(reader: BinaryReader): VerifiedRecord {
  const path = reader.text();
  const entry = readEntry(reader);
  const digests = { source: reader.text(), destination: reader.text() };
  const target = reader.text();
  return {
    path,
    entry,
    ...(digests.source !== '' && { digests }),
    ...(target !== '' && { target }),
  };
}
