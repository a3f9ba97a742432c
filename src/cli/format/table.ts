/** Columns that stand under each other, for terminals and for pipes. */

export interface Cell {
  readonly text: string;
  /** Of what is shown, once it has its width. */
  readonly paint?: ((text: string) => string) | undefined;
}

export interface Column {
  readonly heading: string;
  /** Numbers end where the others end. */
  readonly isNumber?: true;
}

const GAP = '  ';

/** Lines, the headings first; the last column may be as long as it likes. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.text.length ?? 0)),
  );
  const headings = columns.map(({ heading }): Cell => ({ text: heading }));
  return [headings, ...rows].map((row) =>
    row
      .map(({ text, paint }, index) => {
        const isLast = index === columns.length - 1;
        const width = isLast && columns[index]?.isNumber !== true ? 0 : (widths[index] ?? 0);
        const padded = columns[index]?.isNumber ? text.padStart(width) : text.padEnd(width);
        return paint === undefined ? padded : paint(padded);
      })
      .join(GAP),
  );
}
