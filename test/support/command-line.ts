/** What a command line is taken to mean, where it is one of a source and a destination. */
import { expect } from 'vitest';
import type { CommandLine } from '../../src/cli/options.ts';
import { parseCommandLine } from '../../src/cli/parse-command-line.ts';

export function commandLineOf(...args: string[]): CommandLine {
  const parsed = parseCommandLine(args, (text) => expect.fail(text)) ?? expect.fail('nothing to run');
  if (parsed.command !== 'sync' && parsed.command !== 'verify') expect.fail(parsed.command);
  return parsed;
}
