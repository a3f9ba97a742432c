import { describe, expect, it } from 'vitest';
import { shareCells, type Cells } from '../../../src/flow/shared-cells.ts';
import { InFlight } from '../../../src/flow/in-flight.ts';

function newCells(): Cells {
  return shareCells({ inFlight: InFlight.sizeBytes }).inFlight;
}

function inFlightIn(cells: Cells, mayWait = true): InFlight {
  return new InFlight(cells, () => mayWait);
}

async function enterAll(inFlight: InFlight, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => inFlight.enter()));
}

describe('what is in flight', () => {
  it('has no limit until a refusal', async () => {
    const inFlight = inFlightIn(newCells());
    expect(await enterAll(inFlight, 1000)).toEqual(Array.from({ length: 1000 }, () => 0));
  });

  it('is halved once, however many calls of a round were refused', async () => {
    const cells = newCells();
    const inFlight = inFlightIn(cells);
    const rounds = await enterAll(inFlight, 40);
    for (const round of rounds) inFlight.shrink(round);
    expect(inFlight.limit).toBe(20);
    const next = await inFlightIn(cells, false).enter();
    inFlight.shrink(next);
    expect(inFlight.limit).toBe(10);
  });

  it('never reaches zero', async () => {
    const inFlight = inFlightIn(newCells());
    for (let times = 0; times < 5; times++) {
      inFlight.shrink(await inFlight.enter());
      inFlight.leave();
    }
    expect(inFlight.limit).toBe(1);
  });

  it('waits for a free place from any isolate', async () => {
    const cells = newCells();
    const inFlight = inFlightIn(cells);
    const rounds = await enterAll(inFlight, 4);
    inFlight.shrink(rounds[0] as number);
    for (let count = 0; count < 2; count++) inFlight.leave();
    const other = inFlightIn(cells);
    let entered = false;
    const waiting = other.enter().then(() => (entered = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(entered).toBe(false);
    inFlight.leave();
    await waiting;
    expect(entered).toBe(true);
  });

  it('stops waiting when the run ends', async () => {
    const cells = newCells();
    const inFlight = inFlightIn(cells);
    const rounds = await enterAll(inFlight, 4);
    inFlight.shrink(rounds[0] as number);
    await inFlightIn(cells, false).enter();
  });

  it('grows by one again after a hundred successes', async () => {
    const inFlight = inFlightIn(newCells());
    for (const round of await enterAll(inFlight, 8)) inFlight.shrink(round);
    for (let count = 0; count < 250; count++) inFlight.succeeded();
    expect(inFlight.limit).toBe(6);
  });

  it('does not count successes while there is no limit', () => {
    const inFlight = inFlightIn(newCells());
    for (let count = 0; count < 1000; count++) inFlight.succeeded();
    expect(inFlight.limit).toBe(2 ** 31 - 1);
  });
});
