/** How long the phases took and how fast they were: charts, and the same numbers as a table. */
import type { PhaseTime, Report } from '../../model/run/report.ts';
import type { TimeSample } from '../../model/run/run-statistics.ts';
import {
  formatEntryRate,
  phaseRates,
  lengthOf,
  ratePerSec,
  samplesByPhase,
  SHORTEST_RATE_MS,
} from '../text/rates.ts';
import {
  capitalized,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatRate,
} from '../text/quantities.ts';
import { chart, endOf } from './chart.ts';
import { html, type Markup, shareBar } from './markup.ts';

export function timeSection({ phases, elapsedMs, statistics }: Report): Markup {
  const samples = statistics?.timeSeries ?? [];
  return html`<section>
    <h2>Time</h2>
    <table class="shares">
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col" class="number">Time</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${phases.map((phase) => phaseRow(phase, elapsedMs))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">The whole run</th>
          <td class="number">${formatDuration(elapsedMs)}</td>
          <td></td>
        </tr>
      </tfoot>
    </table>
    ${endOf(samples) < SHORTEST_RATE_MS ? undefined : charts(samples)}
  </section> `;
}

function phaseRow({ phase, elapsedMs }: PhaseTime, wholeMs: number): Markup {
  return html`<tr>
    <th scope="row">${capitalized(phase)}</th>
    <td class="number">${formatDuration(elapsedMs)}</td>
    <td>${shareBar(elapsedMs / wholeMs)}</td>
  </tr> `;
}

function charts(samples: readonly TimeSample[]): Markup {
  const hasContent = samples.some(({ bytes }) => bytes > 0);
  return html`${hasContent ? throughputChart(samples) : undefined}${chart(samples, {
    id: 'entries',
    title: 'Files and other entries listed, synced and verified',
    summary: summaryOf(samples, ({ entries }) => entries, formatEntryRate),
    amountOf: ({ entries }) => entries,
    format: formatEntryRate,
    base: 1000,
  })}${axis(samples)}${table(samples)}`;
}

function throughputChart(samples: readonly TimeSample[]): Markup {
  return chart(samples, {
    id: 'throughput',
    title: 'Throughput: content copied and compared',
    summary: summaryOf(samples, ({ bytes }) => bytes, formatRate),
    amountOf: ({ bytes }) => bytes,
    format: formatRate,
    base: 1024,
  });
}

/** Mean and maximum of each phase. */
function summaryOf(
  samples: readonly TimeSample[],
  amountOf: (sample: TimeSample) => number,
  format: (perSec: number) => string,
): string {
  return phaseRates(samples, amountOf)
    .map(
      ({ phase, meanPerSec, mostPerSec }) =>
        `${capitalized(phase)}: ${format(meanPerSec)} on average, ${format(mostPerSec)} at the peak.`,
    )
    .join(' ');
}

/** The phases' names below the charts, each as wide as the phase was long. */
function axis(samples: readonly TimeSample[]): Markup {
  const wholeMs = endOf(samples);
  const parts = Array.from(samplesByPhase(samples), ([phase, ofPhase]) => {
    const share = (lengthOf(ofPhase) / wholeMs) * 100;
    return html`<span style="flex-basis:${share.toFixed(2)}%">${capitalized(phase)}</span>`;
  });
  return html`<div class="axis" aria-hidden="true">
    <div class="phases">${parts}</div>
    <div class="clock"><span>0:00</span><span>${formatClock(wholeMs / 1000)}</span></div>
  </div> `;
}

function table(samples: readonly TimeSample[]): Markup {
  const heads = ['From', 'For', 'Entries', 'Entries/s', 'Content', 'Content/s'];
  return html`<details>
    <summary>Show as a table</summary>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            ${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${samples.map(sampleRow)}
        </tbody>
      </table>
    </div>
  </details> `;
}

function sampleRow({ phase, startMs, elapsedMs, entries, bytes }: TimeSample): Markup {
  const cells = [
    formatClock(startMs / 1000),
    formatDuration(elapsedMs),
    formatCount(entries),
    formatEntryRate(ratePerSec(entries, elapsedMs)),
    formatBytes(bytes),
    formatRate(ratePerSec(bytes, elapsedMs)),
  ];
  return html`<tr>
    <td>${capitalized(phase)}</td>
    ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
  </tr> `;
}
