/** A rate over time as an inline drawing that stretches. Its labels are text beside it, which does not. */
import type { TimeSample } from '../../model/run/run-statistics.ts';
import { ratePerSec } from '../text/rates.ts';
import { html, type Markup } from './markup.ts';

export interface ChartSubject {
  readonly id: string;
  readonly title: string;
  /** The drawing's content in words, for readers who cannot see it. */
  readonly summary: string;
  readonly amountOf: (sample: TimeSample) => number;
  readonly format: (perSec: number) => string;
  /** The base of its unit: 1024 for bytes. */
  readonly base: 1000 | 1024;
}

const WIDTH = 1000;
const HEIGHT = 100;

export function chart(samples: readonly TimeSample[], subject: ChartSubject): Markup {
  const { id, title, summary, amountOf, format, base } = subject;
  const rates = samples.map((sample) => ratePerSec(amountOf(sample), sample.elapsedMs));
  const top = roundUp(Math.max(...rates), base);
  const [titleId, descriptionId] = [`${id}-title`, `${id}-description`];
  return html`<figure>
    <figcaption>${title}</figcaption>
    <div class="plot">
      <div class="scale" aria-hidden="true">
        <span>${format(top)}</span><span>${format(top / 2)}</span><span>0</span>
      </div>
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-labelledby="${titleId} ${descriptionId}"
      >
        <title id="${titleId}">${title}</title>
        <desc id="${descriptionId}">${summary}</desc>
        <path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}" />
        ${boundaries(samples)}
        <path class="area" d="${outline(samples, rates, top)}V${HEIGHT}Z" />
        <path class="line" d="${outline(samples, rates, top)}" />
      </svg>
    </div>
  </figure> `;
}

/** Draws steps, as the course within a sample is unknown. */
function outline(samples: readonly TimeSample[], rates: readonly number[], top: number): string {
  const steps = samples.map(({ startMs, elapsedMs }, index) => {
    const height = HEIGHT - ((rates[index] ?? 0) / top) * HEIGHT;
    return `H${across(samples, startMs)}V${rounded(height)}H${across(samples, startMs + elapsedMs)}`;
  });
  return `M0 ${HEIGHT}${steps.join('')}`;
}

/** The lines between two phases. */
function boundaries(samples: readonly TimeSample[]): Markup[] {
  return samples
    .filter(({ phase }, index) => index > 0 && samples[index - 1]?.phase !== phase)
    .map(({ startMs }) => {
      const x = across(samples, startMs);
      return html`<path class="boundary" d="M${x} 0V${HEIGHT}" /> `;
    });
}

function across(samples: readonly TimeSample[], atMs: number): number {
  return rounded((atMs / endOf(samples)) * WIDTH);
}

export function endOf(samples: readonly TimeSample[]): number {
  const last = samples.at(-1);
  return last === undefined ? 0 : last.startMs + last.elapsedMs;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The next of 1, 2, 4, 6, 8, 10, 20, … in its unit, so that half of it is round too. */
function roundUp(value: number, base: number): number {
  if (value <= 2) return 2;
  let unit = 1;
  while (value >= unit * base) unit *= base;
  let ten = unit;
  while (value > ten * 10) ten *= 10;
  const step = [1, 2, 4, 6, 8, 10].find((steps) => value <= steps * ten) ?? 10;
  return step * ten;
}
