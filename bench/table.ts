/** A scenario's result as a Markdown table, ready for the README. */
import type { Summary } from './summary.ts';

const HEADER = ['', 'median s', 'fastest', 'slowest', 'user', 'system', 'ratio'];

export function formatTable(title: string, summaries: readonly Summary[]): string {
  const rows = [HEADER, ...summaries.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [header = '', ...lines] = rows.map((row) => formatRow(row, widths));
  const rule = `| ${widths.map((width, column) => ruleFor(width, column)).join(' | ')} |`;
  return `${title}\n\n${[header, rule, ...lines].join('\n')}\n`;
}

function cells(summary: Summary): string[] {
  const { elapsedSec, fastestSec, slowestSec, userSec, systemSec, ratio } = summary;
  const times = [elapsedSec, fastestSec, slowestSec, userSec, systemSec];
  return [summary.name, ...times.map((seconds) => seconds.toFixed(3)), ratio.toFixed(2)];
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  const padded = row.map((cell, column) => pad(cell, widths[column] ?? 0, column));
  return `| ${padded.join(' | ')} |`;
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function ruleFor(width: number, column: number): string {
  return column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
}
