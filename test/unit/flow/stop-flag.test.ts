import { expect, it } from 'vitest';
import { shareCells, type Cells } from '../../../src/flow/shared-cells.ts';
import { StopFlag } from '../../../src/flow/stop-flag.ts';

function newCells(): Cells {
  return shareCells({ stop: StopFlag.sizeBytes }).stop;
}

it('is seen raised through every object on its memory, for good', () => {
  const cells = newCells();
  const [main, worker] = [new StopFlag(cells), new StopFlag(cells)];
  expect([main.isRaised, worker.isRaised]).toEqual([false, false]);
  main.raise();
  main.raise();
  expect([main.isRaised, worker.isRaised]).toEqual([true, true]);
  expect(new StopFlag(newCells()).isRaised).toBe(false);
});
