/** Rate and time left, over the last seconds: what a person wants to know is how it goes now. */

export interface Speed {
  readonly bytesPerSec: number;
  /** Undefined while there is too little to go by. */
  readonly remainingSec: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
  readonly fraction: number;
}

const WINDOW_MS = 15_000;
const LEAST_MS = 1000;

export class SpeedMeter {
  #samples: Sample[] = [];

  add(sample: Sample): Speed {
    const samples = this.#samples;
    samples.push(sample);
    while (samples.length > 2 && sample.atMs - (samples[1]?.atMs ?? sample.atMs) >= WINDOW_MS)
      samples.shift();
    const first = samples[0] ?? sample;
    const elapsedSec = (sample.atMs - first.atMs) / 1000;
    if (elapsedSec * 1000 < LEAST_MS) return { bytesPerSec: 0, remainingSec: undefined };
    const fractionPerSec = (sample.fraction - first.fraction) / elapsedSec;
    return {
      bytesPerSec: (sample.bytes - first.bytes) / elapsedSec,
      remainingSec: fractionPerSec > 0 ? (1 - sample.fraction) / fractionPerSec : undefined,
    };
  }
}
