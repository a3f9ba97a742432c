/** Colours, where a terminal or the user wants them. */

export type Paint = Readonly<
  Record<'green' | 'yellow' | 'red' | 'boldGreen' | 'boldRed', (text: string) => string>
>;

const asItIs = (text: string): string => text;

export const NO_PAINT: Paint = {
  green: asItIs,
  yellow: asItIs,
  red: asItIs,
  boldGreen: asItIs,
  boldRed: asItIs,
};

/** PERF: chalk takes 15 ms to load, which a run without colours need not wait for. */
export async function loadPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const { bold, green, yellow, red } = new Chalk({ level: 1 });
  return { green, yellow, red, boldGreen: bold.green, boldRed: bold.red };
}
