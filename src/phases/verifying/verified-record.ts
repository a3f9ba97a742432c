/** One compared entry, for the manifest: stored in a spool until the verdicts are known. */
import type { Entry } from '../../model/entry.ts';
import type { VerifiedEntry } from '../../model/run/verdict.ts';
import { type BinaryReader, BinaryWriter, LENGTH_BYTES } from '../../engine/plan/binary.ts';
import { readEntryRecord, writeEntry } from '../../engine/plan/entry-record.ts';
import type { VerifyingScope } from './verifying-scope.ts';

export interface VerifiedRecord extends Omit<VerifiedEntry, 'verdict'> {
  readonly entry: Entry;
}

/** Where there is to be a manifest. */
export function noteVerified({ context }: VerifyingScope, record: VerifiedRecord): void {
  context.verified?.append(verifiedRecordBytes(record));
}

const writer = new BinaryWriter();

/** The record with its length in front; valid until the next call. */
function verifiedRecordBytes({ path, entry, digests, target }: VerifiedRecord): Buffer {
  writer.clear();
  writer.u32(0);
  writer.text(path);
  writeEntry(writer, entry);
  writer.text(digests?.source ?? '');
  writer.text(digests?.destination ?? '');
  // Empty means none: no symbolic link has an empty target.
  writer.text(target ?? '');
  writer.setU32(0, writer.length - LENGTH_BYTES);
  return writer.bytes();
}

export function readVerifiedRecord(reader: BinaryReader): VerifiedRecord {
  const path = reader.text();
  const entry = readEntryRecord(reader);
  const digests = { source: reader.text(), destination: reader.text() };
  const target = reader.text();
  return {
    path,
    entry,
    ...(digests.source !== '' && { digests }),
    ...(target !== '' && { target }),
  };
}
