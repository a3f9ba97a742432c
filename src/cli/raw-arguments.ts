/** The arguments as the bytes they are. Node decodes them as UTF-8, which loses names that are not. */
import { readFileSync } from 'node:fs';
import { LocationError } from '../errors.ts';
import { utf8Bytes } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';

/** `args` as Node decoded them; latin1 strings come back, one character a byte. */
export function rawArguments(args: readonly string[], commandLineFile = '/proc/self/cmdline'): string[] {
  if (args.length === 0 || !args.some((arg) => arg.includes('\u{fffd}'))) return args.map(utf8Bytes);
  const words = readCommandLine(commandLineFile).split('\0').slice(0, -1);
  // Node, its own options and the script come first.
  return words.slice(-args.length);
}

function readCommandLine(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (cause) {
    throw new LocationError(`cannot read ${file}, which has the arguments as they are: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
