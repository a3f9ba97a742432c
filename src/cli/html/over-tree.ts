/** Where the time went, and what sizes the files have. */
import type { DirectoryTime, RunStatistics, SizeClass } from '../../model/run-statistics.ts';
import { capitalized } from '../format/capitalized.ts';
import { pathText } from '../format/sentences.ts';
import { sizeLabel } from '../format/statistics-rows.ts';
import { formatBytes, formatCount, formatDuration } from '../format/units.ts';
import { html, type Markup } from './markup.ts';
import { shareBar } from './share-bar.ts';

export function slowestSection({ slowestDirectories }: RunStatistics): Markup | undefined {
  if (slowestDirectories.length === 0) return undefined;
  return html`<section>
    <h2>Slowest directories</h2>
    <p>
      The time spent in each itself, without what is below it. Several are worked on at once, so that the
      times add up to more than the run took.
    </p>
    <table class="directories">
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col" class="number">Time</th>
          <th scope="col">Directory</th>
        </tr>
      </thead>
      <tbody>
        ${slowestDirectories.map(directoryRow)}
      </tbody>
    </table>
  </section> `;
}

function directoryRow({ phase, path, elapsedMs }: DirectoryTime): Markup {
  return html`<tr>
    <td>${capitalized(phase)}</td>
    <td class="number">${formatDuration(elapsedMs)}</td>
    <td><code>${pathText(path)}</code></td>
  </tr> `;
}

export function sizesSection({ fileSizes }: RunStatistics): Markup | undefined {
  if (fileSizes.length === 0) return undefined;
  const allFiles = fileSizes.reduce((total, { files }) => total + files, 0);
  return html`<section>
    <h2>File sizes</h2>
    <table class="shares">
      <thead>
        <tr>
          <th scope="col">Size</th>
          <th scope="col" class="number">Files</th>
          <td></td>
          <th scope="col" class="number">Together</th>
        </tr>
      </thead>
      <tbody>
        ${fileSizes.map((sizeClass) => sizeRow(sizeClass, allFiles))}
      </tbody>
    </table>
  </section> `;
}

function sizeRow({ largestBytes, files, bytes }: SizeClass, allFiles: number): Markup {
  return html`<tr>
    <th scope="row">${sizeLabel(largestBytes)}</th>
    <td class="number">${formatCount(files)}</td>
    <td>${shareBar(files / allFiles)}</td>
    <td class="number">${formatBytes(bytes)}</td>
  </tr> `;
}
