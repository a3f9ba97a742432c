/** The text of a `--limits-file`: `bwlimit=RATE` and `opslimit=N`, as on the command line. */
import { UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Limits } from '../model/limits.ts';
import { parseRate } from '../policy/filter/size.ts';
import { parseOperations } from './option-values.ts';

/** What the text does not name is as otherwise. @throws UsageError that names the line */
export function parseLimits(text: string, otherwise: Limits): Limits {
  const { bandwidthBytesPerSec, operationsPerSec } = otherwise;
  const limits = { bandwidthBytesPerSec, operationsPerSec };
  for (const [index, line] of text.split('\n').entries()) {
    const setting = line.trim();
    if (setting === '' || setting.startsWith('#')) continue;
    Object.assign(
      limits,
      namingLine(index + 1, () => parseSetting(setting)),
    );
  }
  return limits;
}

function parseSetting(setting: string): Partial<Limits> {
  const [, name, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(setting) ?? [];
  if (name === 'bwlimit') return { bandwidthBytesPerSec: parseRate(value) };
  if (name === 'opslimit') return { operationsPerSec: parseOperations(value) };
  throw new UsageError(`"${displayName(setting)}" is neither bwlimit=RATE nor opslimit=N`);
}

function namingLine<Value>(line: number, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(`line ${line}: ${cause.message}`, { cause });
  }
}
