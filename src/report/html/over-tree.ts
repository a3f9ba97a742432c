/** Shows the slowest directories and the sizes of the files. */
import type { DirectoryTime, RunStatistics, SizeClass } from '../../model/run/run-statistics.ts';
import { capitalized, formatBytes, formatCount, formatDuration } from '../text/quantities.ts';
import { pathText } from '../text/sentences.ts';
import { sizeLabel, worthTelling } from '../text/statistics-rows.ts';
import { html, type Markup, shareBar } from './markup.ts';

const IN_SIGHT = 5;

export function slowestSection({ slowestDirectories }: RunStatistics): Markup | undefined {
  const slowest = worthTelling(slowestDirectories);
  if (slowest.length === 0) return undefined;
  return html`<section>
    <h2>Slowest directories</h2>
    <p>
      Time spent in each directory itself, not in its subdirectories. The run works on several at once, so the
      times add up to more than it took.
    </p>
    ${directoryTable(slowest.slice(0, IN_SIGHT))} ${restMarkup(slowest.slice(IN_SIGHT))}
  </section> `;
}

function restMarkup(rest: readonly DirectoryTime[]): Markup | undefined {
  if (rest.length === 0) return undefined;
  return html`<details>
    <summary>${formatCount(rest.length)} more</summary>
    ${directoryTable(rest)}
  </details>`;
}

function directoryTable(directories: readonly DirectoryTime[]): Markup {
  return html`<table class="directories">
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col" class="number">Time</th>
        <th scope="col">Directory</th>
      </tr>
    </thead>
    <tbody>
      ${directories.map(directoryRow)}
    </tbody>
  </table> `;
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
          <th scope="col" class="number">Total size</th>
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
