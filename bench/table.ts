/** A scenario's result as a Markdown table, ready for docs/performance.md, and what was run to get it. */
import type { ContenderResult } from './run-scenario.ts';
import { quote } from './run-command.ts';
import type { Command, Scenario } from './scenario.ts';
import type { Summary } from './summary.ts';

const HEADER = ['', 'median s', 'fastest', 'slowest', 'user', 'system', 'ratio', 'rounds'];

export function formatTable(summaries: readonly Summary[]): string {
  return formatCells([HEADER, ...summaries.map(cells)]);
}

/** The first row is the header. The first column is text, the others are numbers. */
export function formatCells(rows: readonly (readonly string[])[]): string {
  const columns = rows[0] ?? [];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [header = '', ...lines] = rows.map((row) => formatRow(row, widths));
  const rule = `| ${widths.map((width, column) => ruleFor(width, column)).join(' | ')} |`;
  return `${[header, rule, ...lines].join('\n')}\n`;
}

export function formatCommands(results: readonly ContenderResult[]): string {
  return results.map(({ commands }) => `    ${commands.map(formatCommand).join(' && ')}\n`).join('');
}

export function formatList(scenarios: readonly Scenario[]): string {
  return scenarios
    .map(({ name, tree, work, place, contenders }) => {
      const parts = tree.description === '' ? [work] : [tree.description, place, work];
      return `${name}\n    ${parts.join(', ')}\n    ${contenders.map((each) => each.name).join('; ')}\n`;
    })
    .join('');
}

/** The command as a user would type it. */
function formatCommand(command: Command): string {
  const [program = '', ...args] = command;
  if (program === 'bash') return args.at(-1) ?? '';
  if (program !== process.execPath) return [program, ...args.map(quote)].join(' ');
  const [script = '', ...rest] = args;
  return script.endsWith('efs-sync.js')
    ? ['efs-sync', ...rest.map(quote)].join(' ')
    : ['node', ...args].join(' ');
}

function cells(summary: Summary): string[] {
  const { elapsedSec, fastestSec, slowestSec, userSec, systemSec, ratio, rounds } = summary;
  const times = [elapsedSec, fastestSec, slowestSec, userSec, systemSec];
  // A bar would end the table cell.
  const name = summary.name.replaceAll('|', String.raw`\|`);
  return [name, ...times.map((seconds) => seconds.toFixed(3)), ratio.toFixed(2), `${rounds}`];
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
