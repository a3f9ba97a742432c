import { describe, expect, it } from 'vitest';
import { InFlight } from '../../../src/flow/in-flight.ts';

async function enterAll(inFlight: InFlight, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => inFlight.enter()));
}

describe('what is in flight', () => {
  it('has no limit while nobody was refused', async () => {
    const inFlight = new InFlight();
    expect(await enterAll(inFlight, 1000)).toEqual(Array.from({ length: 1000 }, () => 0));
  });

  it('is halved once, however many of a round were refused', async () => {
    const inFlight = new InFlight();
    const rounds = await enterAll(inFlight, 40);
    for (const round of rounds) inFlight.shrink(round);
    expect(inFlight.limit).toBe(20);
    const next = await new InFlight(() => false, inFlight.shared).enter();
    inFlight.shrink(next);
    expect(inFlight.limit).toBe(10);
  });

  it('never comes to nothing', async () => {
    const inFlight = new InFlight();
    for (let times = 0; times < 5; times++) {
      inFlight.shrink(await inFlight.enter());
      inFlight.leave();
    }
    expect(inFlight.limit).toBe(1);
  });

  it('waits for a place in whichever isolate', async () => {
    const inFlight = new InFlight();
    const rounds = await enterAll(inFlight, 4);
    inFlight.shrink(rounds[0] as number);
    for (let count = 0; count < 2; count++) inFlight.leave();
    const other = new InFlight(() => true, inFlight.shared);
    let entered = false;
    const waiting = other.enter().then(() => (entered = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(entered).toBe(false);
    inFlight.leave();
    await waiting;
    expect(entered).toBe(true);
  });

  it('waits no longer than the run goes on', async () => {
    const inFlight = new InFlight();
    const rounds = await enterAll(inFlight, 4);
    inFlight.shrink(rounds[0] as number);
    await new InFlight(() => false, inFlight.shared).enter();
  });

  it('grows by one again after a hundred successes', async () => {
    const inFlight = new InFlight();
    for (const round of await enterAll(inFlight, 8)) inFlight.shrink(round);
    for (let count = 0; count < 250; count++) inFlight.succeeded();
    expect(inFlight.limit).toBe(6);
  });

  it('does not count successes while there is no limit', () => {
    const inFlight = new InFlight();
    for (let count = 0; count < 1000; count++) inFlight.succeeded();
    expect(inFlight.limit).toBe(2 ** 31 - 1);
  });
});
