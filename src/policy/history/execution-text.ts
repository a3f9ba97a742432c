/** An execution as the text of its file, and back. The format is the history's own: people are shown another. */
import type { Execution } from '../../model/execution.ts';

/** Another where older programs would misread what newer ones write. */
const FORMAT = 1;

export function executionToText(execution: Execution): string {
  return `${JSON.stringify({ format: FORMAT, ...execution })}\n`;
}

/** Undefined: of another format, or damaged by a disk; a kill leaves nothing such. */
export function executionFromText(text: string): Execution | undefined {
  if (!text.endsWith('}\n')) return undefined;
  try {
    const { format, ...execution } = JSON.parse(text) as Execution & { format: unknown };
    return format === FORMAT ? execution : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
