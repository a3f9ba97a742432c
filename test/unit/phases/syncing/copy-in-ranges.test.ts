/** A large file is opened once, copied in ranges and finished once, whatever happens to a range. */
import { expect, test } from 'vitest';
import type {
  CopyStep,
  CopyStepResult,
  CopyRangeResult,
  FinishCopyStep,
  CopyFileUnit,
} from '../../../../src/engine/messages/copy-steps.ts';
import { newFindings, type Answer, type Fatal } from '../../../../src/engine/messages/findings.ts';
import type { ServedUnit } from '../../../../src/engine/messages/units.ts';
import { COUNTER_NAMES } from '../../../../src/model/tally.ts';
import { copyInRanges } from '../../../../src/phases/syncing/copy-in-ranges.ts';
import { entryOf } from '../../../support/entries.ts';

const MIB = 2 ** 20;
/** Ranges of 32 MiB. */
const SIZE_BYTES = 160 * MIB;

const OPENED = {
  sourceDirectoryFd: -1,
  destinationDirectoryFd: -1,
  createdGid: 0,
  sourceFd: -1,
  destinationFd: -1,
  destination: {
    name: 'x',
    isTemporary: true,
    inPlace: false,
    keptMode: undefined,
    resumedBytes: undefined,
    createdMode: 0o600,
    isOpen: true,
  },
  isElsewhere: false,
  holes: 'none',
  isYoung: false,
} as const;

const FATAL: Fatal = { message: 'no more', code: 'EDQUOT', path: 'd/a', syscall: 'write', isOfRoots: false };

interface Case {
  readonly isOneRange?: boolean;
  readonly open?: Partial<Answer<'openCopy'>> & { opened?: undefined };
  readonly ranges?: Readonly<Record<number, Partial<CopyRangeResult>>>;
  /** Raised once that range has ended. */
  readonly stopsAfter?: number;
}

interface Copied {
  readonly served: ServedUnit;
  readonly offsets: readonly number[];
  readonly finished: FinishCopyStep | undefined;
}

/** By one that copies a range at a time. Each step counts 1. */
async function copy({ isOneRange = false, open = {}, ranges = {}, stopsAfter }: Case): Promise<Copied> {
  const steps: CopyStep[] = [];
  const stop = { isRaised: false };
  const answer = (step: CopyStep): CopyStepResult => {
    const findings = newFindings();
    findings.skipped.push(step.unit);
    switch (step.unit) {
      case 'openCopy':
        return { unit: step.unit, findings, opened: OPENED, ...open };
      case 'copyRange': {
        const { offset, end } = step.range;
        const index = Math.floor(offset / (32 * MIB));
        if (index === stopsAfter) stop.isRaised = true;
        const countedBytes = end - offset;
        return {
          unit: step.unit, findings, writtenBytes: countedBytes, countedBytes, growsInOrder: true, failure: undefined,
          endBytes: end, ...ranges[index],
        }; // prettier-ignore
      }
      default:
        return { unit: step.unit, findings };
    }
  };
  const unit: CopyFileUnit = {
    unit: 'copyFile',
    file: {
      directoryPath: 'd',
      change: {
        action: 'write', name: 'a', differences: 1, source: entryOf({ sizeBytes: SIZE_BYTES }), leaderPath: '',
        staleInode: 0n,
      }, // prettier-ignore
    },
    isOneRange,
  };
  const served = await copyInRanges(
    {
      unitsUnderWay: 1,
      stop,
      run: async (step) => {
        steps.push(step);
        const gains = {
          counts: Float64Array.from(COUNTER_NAMES, (_, index) => (index === 0 ? 1 : 0)),
          fileSizes: undefined,
          fingerprints: [],
          verified: [],
        };
        return { result: answer(step), gains };
      },
    },
    unit,
  );
  return {
    served,
    offsets: steps.flatMap((step) => (step.unit === 'copyRange' ? [step.range.offset / MIB] : [])),
    finished: steps.find((step): step is FinishCopyStep => step.unit === 'finishCopy'),
  };
}

test('all ranges, and what they brought is summed up', async () => {
  const { served, offsets, finished } = await copy({});
  expect(offsets).toEqual([0, 32, 64, 96, 128]);
  expect(finished).toMatchObject({ wholeBytes: SIZE_BYTES, writtenBytes: SIZE_BYTES, failure: undefined });
  expect([...served.gains.counts]).toEqual(COUNTER_NAMES.map((_, index) => (index === 0 ? 7 : 0)));
  expect(served.result.findings.skipped).toHaveLength(7);
  expect(served.result).not.toHaveProperty('fatal');
});

test('one range where only one call at a time can write', async () => {
  expect((await copy({ isOneRange: true })).offsets).toEqual([0]);
});

test('nothing more where it could not be opened', async () => {
  const { served, offsets, finished } = await copy({ open: { opened: undefined } });
  expect([offsets, finished]).toEqual([[], undefined]);
  expect(served.result.findings.skipped).toEqual(['openCopy']);
});

test('a range that fails is the last to begin, and the file is whole up to where it failed', async () => {
  const failure = { errno: -5, syscall: 'read', path: 'd/a', side: 'source' } as const;
  const failed = { failure, writtenBytes: MIB, countedBytes: MIB, growsInOrder: false };
  const { offsets, finished } = await copy({ ranges: { 1: failed } });
  expect(offsets).toEqual([0, 32]);
  expect(finished).toMatchObject({
    failure, wholeBytes: 33 * MIB, writtenBytes: 33 * MIB, countedBytes: 33 * MIB, growsInOrder: false,
  }); // prettier-ignore
});

test('a source that ends early makes the file whole up to there', async () => {
  const { finished } = await copy({ ranges: { 3: { endBytes: 100 * MIB, countedBytes: 4 * MIB } } });
  expect(finished).toMatchObject({ wholeBytes: 100 * MIB, failure: undefined });
});

test('a run that is to stop begins no other range, and finishes the file as interrupted', async () => {
  const { offsets, finished } = await copy({ stopsAfter: 1 });
  expect(offsets).toEqual([0, 32]);
  expect(finished).toMatchObject({ failure: 'interrupted', wholeBytes: 64 * MIB });
});

test.each(['openCopy', 'copyRange'])(
  'what ends the run in %s is told once the file is closed',
  async (step) => {
    const given =
      step === 'openCopy'
        ? { open: { fatal: FATAL, opened: undefined } }
        : { ranges: { 1: { fatal: FATAL } } };
    const { served, offsets, finished } = await copy(given);
    expect(served.result.fatal).toEqual(FATAL);
    expect(offsets).toEqual(step === 'openCopy' ? [] : [0, 32]);
    if (step === 'copyRange')
      expect(finished).toMatchObject({ failure: 'interrupted', wholeBytes: 32 * MIB });
  },
);
