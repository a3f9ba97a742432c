/** Progress over time, in about 240 samples at most, however long the run is. */
import type { TimeSample } from '../model/run/run-statistics.ts';
import type { Phase } from '../model/task.ts';

/** A chart cannot show more. */
const MOST_SAMPLES = 240;
const FIRST_INTERVAL_MS = 100;

/** Counts of a phase so far. */
export interface Done {
  readonly entries: number;
  readonly bytes: number;
}

export class TimeSeries {
  #samples: TimeSample[] = [];
  #intervalMs = FIRST_INTERVAL_MS;
  #phase: Phase = 'preparing';
  #startMs = 0;
  /** The highest counts so far. A failed copy takes bytes back, and they must not count twice. */
  #told: Done = { entries: 0, bytes: 0 };

  get samples(): readonly TimeSample[] {
    return this.#samples;
  }

  startPhase(phase: Phase, atMs: number): void {
    this.#phase = phase;
    this.#startMs = atMs;
    this.#told = { entries: 0, bytes: 0 };
  }

  add(atMs: number, done: Done): void {
    if (atMs - this.#startMs >= this.#intervalMs) this.#endSample(atMs, done);
  }

  endPhase(atMs: number, done: Done): void {
    if (atMs > this.#startMs) this.#endSample(atMs, done);
  }

  #endSample(atMs: number, done: Done): void {
    const entries = Math.max(this.#told.entries, done.entries);
    const bytes = Math.max(this.#told.bytes, done.bytes);
    this.#samples.push({
      phase: this.#phase,
      startMs: this.#startMs,
      elapsedMs: atMs - this.#startMs,
      entries: entries - this.#told.entries,
      bytes: bytes - this.#told.bytes,
    });
    this.#startMs = atMs;
    this.#told = { entries, bytes };
    if (this.#samples.length <= MOST_SAMPLES) return;
    this.#samples = mergePairs(this.#samples);
    this.#intervalMs *= 2;
  }
}

/** Merges neighbours of the same phase. */
function mergePairs(samples: readonly TimeSample[]): TimeSample[] {
  const merged: TimeSample[] = [];
  for (let index = 0; index < samples.length; index++) {
    const [one, next] = [samples[index] as TimeSample, samples[index + 1]];
    if (next?.phase !== one.phase) {
      merged.push(one);
      continue;
    }
    merged.push({
      ...one,
      elapsedMs: one.elapsedMs + next.elapsedMs,
      entries: one.entries + next.entries,
      bytes: one.bytes + next.bytes,
    });
    index++;
  }
  return merged;
}
