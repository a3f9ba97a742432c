/** Tells the reporter of every entry that was verified, once every verdict is known: memory holds the verdicts alone. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpoolBlocks } from '../../filesystem/spool-blocks.ts';
import { spoolLength } from '../../filesystem/spool.ts';
import type { Verdict, VerdictClass } from '../../model/verdict.ts';
import { BinaryReader } from '../plan/binary.ts';
import type { Run } from '../run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { LENGTH_BYTES, readVerifiedRecord, type VerifiedRecord } from './verified-record.ts';

/** Signals and the progress line have their turn in between. */
const RECORDS_BETWEEN_TURNS = 1000;

/** @throws Interrupted */
export async function tellVerified(run: Run, verdicts: readonly Verdict[]): Promise<void> {
  const { reporter } = run;
  const classes = classesByPath(verdicts);
  let count = 0;
  for (const record of recordsIn(run.verifiedFds)) {
    const taken = reporter.verified({ verdict: classes.get(record.path) ?? 'verified', ...record });
    classes.delete(record.path);
    if (++count % RECORDS_BETWEEN_TURNS === 0) {
      await nextTurn();
      await taken;
      throwIfStopped(run);
    }
  }
  // What could not be compared.
  for (const [path, verdict] of classes) await reporter.verified({ path, verdict });
}

/** The first of each path. */
function classesByPath(verdicts: readonly Verdict[]): Map<string, VerdictClass> {
  const classes = new Map<string, VerdictClass>();
  for (const verdict of verdicts) {
    if (!classes.has(verdict.path)) classes.set(verdict.path, verdict.class);
  }
  return classes;
}

function* recordsIn(fds: readonly number[]): Iterable<VerifiedRecord> {
  const blocks = new SpoolBlocks();
  for (const fd of fds) {
    const endBytes = spoolLength(fd);
    for (let offset = 0; offset < endBytes;) {
      const lengthBytes = blocks.read(fd, offset, LENGTH_BYTES).readUInt32LE();
      offset += LENGTH_BYTES;
      yield readVerifiedRecord(new BinaryReader(blocks.read(fd, offset, lengthBytes)));
      offset += lengthBytes;
    }
  }
}
