/** Has the isolates of one process copy a large file, a range each: what was opened is closed whatever happens to a range. */
import { byteRanges, type ByteRange } from '../../policy/compare/byte-ranges.ts';
import { addNumbers } from '../../flow/counters.ts';
import type { StopFlag } from '../../flow/stop-flag.ts';
import { COUNTER_NAMES } from '../../model/tally.ts';
import { doInRanges, type RangedJob } from '../../engine/context/ranged-job.ts';
import { addFindings, newFindings, type Fatal } from '../../engine/messages/findings.ts';
import type { Served, ServedUnit } from '../../engine/messages/units.ts';
import type {
  CopyFileUnit,
  LargeCopy,
  CopyFailure,
  CopyStep,
  CopyStepResult,
  OpenCopy,
} from '../../engine/messages/copy-steps.ts';

/** The isolates of this process. */
export interface Sharers {
  /** How many steps to keep them busy with. */
  readonly unitsUnderWay: number;
  readonly stop: Pick<StopFlag, 'isRaised'>;
  run(step: CopyStep): Promise<Served<CopyStepResult>>;
}

export async function copyInRanges(sharers: Sharers, unit: CopyFileUnit): Promise<ServedUnit> {
  const job = new CopyJob(sharers, unit);
  await doInRanges(job, sharers.unitsUnderWay);
  return job.served();
}

type ResultOf<P extends CopyStep> = Extract<CopyStepResult, { unit: P['unit'] }>;

class CopyJob implements RangedJob<OpenCopy> {
  readonly #sharers: Sharers;
  readonly #file: LargeCopy;
  readonly #isOneRange: boolean;
  /** Copied from the start of the file without a gap. */
  #wholeBytes: number;
  #writtenBytes = 0;
  #countedBytes = 0;
  #growsInOrder = true;
  /** The first one ends the job. */
  #failure: CopyFailure | undefined;
  readonly #findings = newFindings();
  readonly #counts = new Float64Array(COUNTER_NAMES.length);
  #fatal: Fatal | undefined;

  constructor(sharers: Sharers, { file, isOneRange }: CopyFileUnit) {
    this.#sharers = sharers;
    this.#file = file;
    this.#isOneRange = isOneRange;
    this.#wholeBytes = file.change.source.sizeBytes;
  }

  /** Once the job is done. */
  served(): ServedUnit {
    const [findings, fatal] = [this.#findings, this.#fatal];
    return {
      result: { unit: 'copyFile', findings, ...(fatal && { fatal }) },
      gains: {
        counts: this.#counts,
        fileSizes: undefined,
        fingerprints: [],
        verified: [],
      },
    };
  }

  async open(): Promise<OpenCopy | undefined> {
    const { opened } = await this.#run({ unit: 'openCopy', file: this.#file });
    return opened;
  }

  /**
   * One range if only one call at a time can write to a file: one isolate copies it all. PERF: 8 GiB on ext4
   * took 4.7 s this way, and 7.1 with ranges of 32 MiB by alternating isolates (median of 7 pairs).
   */
  ranges({ destination: { resumedBytes } }: OpenCopy): Iterable<ByteRange> {
    return byteRanges(this.#file.change.source.sizeBytes, {
      startBytes: resumedBytes ?? 0,
      isResumable: resumedBytes !== undefined,
      isOneRange: this.#isOneRange,
    });
  }

  async work(opened: OpenCopy, range: ByteRange): Promise<boolean> {
    if (this.#mustEnd) return this.#interruptedAt(range);
    const copied = await this.#run({ unit: 'copyRange', file: this.#file, opened, range });
    // Such an answer says nothing of what was copied.
    if (this.#fatal !== undefined) return this.#interruptedAt(range);
    this.#writtenBytes += copied.writtenBytes;
    this.#countedBytes += copied.countedBytes;
    this.#growsInOrder &&= copied.growsInOrder;
    this.#failure ??= copied.failure;
    // A failed range has written the bytes that it counted, and everything before them.
    const endBytes = copied.failure === undefined ? copied.endBytes : range.offset + copied.countedBytes;
    if (endBytes < range.end) this.#endAt(endBytes);
    return this.#failure === undefined;
  }

  skip({ offset }: ByteRange): void {
    this.#endAt(offset);
  }

  async finish(opened: OpenCopy): Promise<void> {
    await this.#run({
      unit: 'finishCopy',
      file: this.#file,
      opened,
      wholeBytes: this.#wholeBytes,
      writtenBytes: this.#writtenBytes,
      countedBytes: this.#countedBytes,
      growsInOrder: this.#growsInOrder,
      failure: this.#failure,
    });
  }

  get #mustEnd(): boolean {
    return this.#sharers.stop.isRaised || this.#fatal !== undefined;
  }

  #interruptedAt(range: ByteRange): false {
    this.#failure ??= 'interrupted';
    this.skip(range);
    return false;
  }

  #endAt(offset: number): void {
    this.#wholeBytes = Math.min(this.#wholeBytes, offset);
  }

  async #run<P extends CopyStep>(step: P): Promise<ResultOf<P>> {
    const { result, gains } = await this.#sharers.run(step);
    addFindings(this.#findings, result.findings);
    this.#fatal ??= result.fatal;
    addNumbers(this.#counts, gains.counts);
    return result as ResultOf<P>;
  }
}
