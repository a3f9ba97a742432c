/** Parses a command line with one source and one destination. */
import { expect } from 'vitest';
import type { CommandLine } from '../../src/cli/options/options.ts';
import { parseCommandLine } from '../../src/cli/options/parse-command-line.ts';

export function commandLineOf(...args: string[]): CommandLine {
  const parsed = parseCommandLine(args, (text) => expect.fail(text)) ?? expect.fail('nothing to run');
  if (parsed.command !== 'sync' && parsed.command !== 'verify') expect.fail(parsed.command);
  return parsed;
}
