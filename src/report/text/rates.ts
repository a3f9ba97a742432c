/** Rates over time, by phase. */
import type { TimeSample } from '../../model/run/run-statistics.ts';
import type { Phase } from '../../model/task.ts';
import { formatCount } from './quantities.ts';

export interface PhaseRates {
  readonly phase: Phase;
  readonly meanPerSec: number;
  readonly mostPerSec: number;
}

/** Over a shorter time, a rate shows the start of a run, not its work. */
export const SHORTEST_RATE_MS = 1000;

type AmountOf = (sample: TimeSample) => number;

export function ratePerSec(amount: number, elapsedMs: number): number {
  return elapsedMs === 0 ? 0 : (amount / elapsedMs) * 1000;
}

export function phaseRates(samples: readonly TimeSample[], amountOf: AmountOf): PhaseRates[] {
  return Array.from(samplesByPhase(samples), ([phase, ofPhase]) => ({
    phase,
    meanPerSec: ratePerSec(sum(ofPhase, amountOf), lengthOf(ofPhase)),
    mostPerSec: Math.max(...ofPhase.map((sample) => ratePerSec(amountOf(sample), sample.elapsedMs))),
  }));
}

export function samplesByPhase(samples: readonly TimeSample[]): Map<Phase, TimeSample[]> {
  const phases = new Map<Phase, TimeSample[]>();
  for (const sample of samples) {
    const ofPhase = phases.get(sample.phase);
    if (ofPhase === undefined) phases.set(sample.phase, [sample]);
    else ofPhase.push(sample);
  }
  return phases;
}

export function lengthOf(samples: readonly TimeSample[]): number {
  return sum(samples, ({ elapsedMs }) => elapsedMs);
}

export function formatEntryRate(perSec: number): string {
  return `${formatCount(Math.round(perSec))}/s`;
}

function sum(samples: readonly TimeSample[], amountOf: AmountOf): number {
  return samples.reduce((total, sample) => total + amountOf(sample), 0);
}
