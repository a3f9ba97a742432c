/** Bytes are counted as they move, and what is counted of a file is its size or nothing in the end. */
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { CopyPace } from '../../../../../src/filesystem/copy/copy-range.ts';
import { Allowance, Pacer, nowUs } from '../../../../../src/flow/pacer.ts';
import { shareCells } from '../../../../../src/flow/shared-cells.ts';
import { Interrupted } from '../../../../../src/model/run/errors.ts';
import { TransferCount } from '../../../../../src/phases/syncing/scope/transfer-count.ts';
import { makeTwoTrees, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;
let context: WorkerContext;

beforeEach(async () => {
  trees = await makeTwoTrees();
  context = trees.context();
});
afterEach(async () => trees.remove());

describe('the count of a file', () => {
  it('grows as bytes move', () => {
    const count = new TransferCount(context);
    count.add(10);
    count.add(5);
    expect(count.countedBytes).toBe(15);
    expect(context.counters.totals().bytesTransferred).toBe(15);
  });

  it('includes the holes in the end', () => {
    const count = new TransferCount(context);
    count.add(10);
    count.settle(100);
    expect(count.countedBytes).toBe(100);
    expect(context.counters.totals().bytesTransferred).toBe(100);
  });

  it('shrinks in the end if the file did', () => {
    const count = new TransferCount(context);
    count.add(10);
    count.settle(4);
    expect(context.counters.totals().bytesTransferred).toBe(4);
  });

  it('is taken back if the copy fails, and only once', () => {
    context.counters.add('bytesTransferred', 7);
    const count = new TransferCount(context);
    count.add(10);
    count.takeBack();
    count.takeBack();
    expect(count.countedBytes).toBe(0);
    expect(context.counters.totals().bytesTransferred).toBe(7);
  });

  it('is taken back with what other workers have counted', () => {
    context.counters.add('bytesTransferred', 30);
    const count = new TransferCount(context, 30);
    count.add(10);
    expect(context.counters.totals().bytesTransferred).toBe(40);
    count.takeBack();
    expect(context.counters.totals().bytesTransferred).toBe(0);
  });

  it('knows what was written from what was transferred', () => {
    new TransferCount(context).addWritten(3);
    const { bytesWritten, bytesTransferred } = context.counters.totals();
    expect([bytesWritten, bytesTransferred]).toEqual([3, 0]);
  });

  it('ends the copy once the run must stop, and counts no more', () => {
    const count = new TransferCount(context);
    context.stop.raise();
    expect(() => count.add(1)).toThrow(Interrupted);
    expect(count.countedBytes).toBe(0);
    expect(context.counters.totals().bytesTransferred).toBe(0);
  });
});

describe('the pace', () => {
  it('is none without a limit', () => {
    expect(new TransferCount(context).pace).toBeUndefined();
  });

  it.each([
    ['a tenth of a second at a high rate', 100_000_000, 10_000_000],
    ['a whole number of bytes', 1_000_009, 100_000],
    ['no tiny steps at a low rate', 1000, 65_536],
    ['any length while there is no limit', 0, Infinity],
  ])('makes steps of %s', (_, perSec, stepBytes) => {
    expect(paced(perSec).pace.stepBytes).toBe(stepBytes);
  });

  it('lets the limiter see every byte', async () => {
    const { pace, takenBytes } = paced(1);
    await pace.admit(100);
    await pace.admit(50);
    expect(takenBytes()).toBe(150);
  });

  it('uses what was admitted but not moved before it asks again', async () => {
    const { pace, takenBytes } = paced(1);
    await pace.admit(100);
    pace.takeBack(60);
    await pace.admit(40);
    expect(takenBytes()).toBe(100);
    await pace.admit(30);
    expect(takenBytes()).toBe(110);
    await pace.admit(5);
    expect(takenBytes()).toBe(115);
  });

  it('ends the copy once the run must stop', async () => {
    const { pace } = paced(1);
    context.stop.raise();
    await expect(pace.admit(1)).rejects.toThrow(Interrupted);
  });
});

/** A pace whose limiter never waits. */
function paced(perSec: number): { readonly pace: CopyPace; readonly takenBytes: () => number } {
  const allowance = new Allowance(shareCells({ cells: Allowance.sizeBytes }).cells);
  allowance.setRate(perSec, nowUs());
  // Far ahead of the allowed rate, so elapsed time does not matter.
  const start = allowance.take(1_000_000, nowUs());
  const bandwidth = new Pacer(allowance, () => false);
  const { pace } = new TransferCount({ ...context, syncing: { ...context.syncing, bandwidth } });
  if (pace === undefined) throw new Error('no pace');
  return { pace, takenBytes: () => Number(allowance.take(0, nowUs()) - start) };
}
