/** Who waits, and who does not; how long is Allowance's business, and its tests'. */
import { describe, expect, test } from 'vitest';
import { Allowance } from '../../../src/flow/allowance.ts';
import { nowUs, Pacer } from '../../../src/flow/pacer.ts';

function allowanceOf(perSec: number): Allowance {
  const allowance = new Allowance();
  allowance.setRate(perSec, nowUs());
  return allowance;
}

describe('Pacer', () => {
  test('lets nobody pass before their time', async () => {
    const beforeUs = nowUs();
    const allowance = allowanceOf(1000);
    await Promise.all([1, 2, 3].map(() => new Pacer(allowance, () => true).pass(10)));
    expect(nowUs() - beforeUs).toBeGreaterThanOrEqual(30_000);
  });

  test('asks whether it may go on waiting, and passes where it may not', async () => {
    let asked = 0;
    const pacer = new Pacer(allowanceOf(1), () => ++asked < 3);
    await pacer.pass(1_000_000);
    expect(asked).toBe(3);
  });

  test('ends a long wait once the limit is raised', async () => {
    const allowance = allowanceOf(1);
    const passing = new Pacer(allowance, () => true).pass(1_000_000);
    allowance.setRate(1_000_000_000, nowUs());
    await passing;
  });

  test('has who comes next wait for what passed at once', () => {
    const allowance = allowanceOf(1);
    new Pacer(allowance, () => true).passAtOnce(7);
    const us = nowUs();
    expect(allowance.waitUs(allowance.take(1, us), us)).toBeGreaterThan(7_000_000);
  });

  test('counts nothing without a limit, and nothing for nothing', async () => {
    const [unlimited, limited] = [allowanceOf(0), allowanceOf(1)];
    await new Pacer(unlimited, () => true).pass(1000);
    new Pacer(unlimited, () => true).passAtOnce(1000);
    await new Pacer(limited, () => true).pass(0);
    for (const allowance of [unlimited, limited]) expect(new BigInt64Array(allowance.shared)[0]).toBe(0n);
  });
});
