/** Hands out records of the plan to the workers: large shares first, small ones last. */
import { release } from '../../flow/byte-pool.ts';
import { forEachFound, type Job } from '../../flow/lanes.ts';
import {
  MOST_JOBS_WAITING,
  OVERLAPPING_UNITS_PER_WORKER,
  RECORD_BYTES_PER_UNIT,
  RECORDS_PER_UNIT,
  SHARES_PER_WORKER,
} from '../../model/concurrency.ts';
import { packableUpTo, type PackedRecords, type Share } from '../plan/plan-spool.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import type { Run } from './run.ts';

export interface SharedWork {
  /** Gives further jobs for the records. */
  readonly begin: (packed: PackedRecords) => Promise<readonly Job[]>;
  readonly jobsAtOnce: number;
}

export async function distributeRecords(
  run: Run,
  records: RecordRefs,
  { begin, jobsAtOnce }: SharedWork,
): Promise<void> {
  const remaining = shares(run.crew.count, records);
  const jobs: Job[] = [];
  let jobsUnderWay = 0;
  // Packed here, as what reading the disk may throw must wait for the units under way.
  const beginWith = async (share: Share): Promise<void> => {
    const packed = run.spools.plan.pack(records, share);
    try {
      for (const job of await begin(packed)) jobs.push(job);
    } finally {
      release(packed.records);
    }
  };
  const carryOut = async (job: Job): Promise<void> => {
    jobsUnderWay++;
    try {
      await job();
    } finally {
      jobsUnderWay--;
    }
  };
  // Jobs first: they may take longest.
  const take = (): Job | undefined => {
    const job = jobsUnderWay < jobsAtOnce ? jobs.pop() : undefined;
    if (job !== undefined) return () => carryOut(job);
    if (jobs.length >= MOST_JOBS_WAITING) return undefined;
    const { done, value } = remaining.next();
    return done === true ? undefined : () => beginWith(value);
  };
  const overlaps = [run.source, run.destination].some(({ callStyle }) => callStyle === 'overlapping');
  const underWay = overlaps ? run.crew.count * OVERLAPPING_UNITS_PER_WORKER : run.crew.unitsUnderWay;
  await forEachFound(take, underWay, (job) => job());
}

function* shares(workerCount: number, records: RecordRefs): Generator<Share, undefined> {
  for (let start = 0; start < records.count;) {
    const remaining = records.count - start;
    const share = Math.ceil(remaining / (workerCount * SHARES_PER_WORKER));
    const most = start + Math.min(share, RECORDS_PER_UNIT);
    const end = packableUpTo(records, { start, end: most }, RECORD_BYTES_PER_UNIT);
    yield { start, end };
    start = end;
  }
  return undefined;
}
