/** Reads a task-file key that is an option of the command line, with that option's own parser. */
import { CommanderError, type Option } from 'commander';
import { UsageError } from '../../model/run/errors.ts';
import { besideFile } from '../../filesystem/operator-files/absolute-path.ts';
import { toOption } from '../options/command.ts';
import type { FilterArgument, GivenOption } from '../options/options.ts';
import {
  STANDARD_STREAM,
  takesPath,
  valueOf,
  type OptionDeclaration,
} from '../options/table/option-declaration.ts';
import { NO_VALUE } from '../options/table/option-values.ts';
import { errorAt, flagOf, itemsOf, textOf, type Located, type LocatedEntry } from './located.ts';

/** The options that the file has set so far. */
export interface ReadOptions {
  readonly options: Record<string, unknown>;
  readonly filters: FilterArgument[];
  readonly given: GivenOption[];
}

/** @throws UsageError that names the place */
export function readOption(entry: LocatedEntry, declaration: OptionDeclaration, into: ReadOptions): void {
  const { key, value, at } = entry;
  const option = toOption(declaration, into.filters);
  const give = (given: string | boolean, meaning: unknown) => {
    if (declaration.isFilter !== true) into.options[option.attributeName()] = meaning;
    into.given.push({ key, value: given, origin: `${at.file}:${at.line}` });
  };
  const isFlag = valueOf(declaration) === 'none' || isOptionalFlag(declaration, value);
  if (isFlag) {
    const isTrue = flagOf(value, key);
    // `false` for a `--no-NAME` option sets nothing.
    if (isTrue || !option.negate) give(isTrue, meaningOf(option, isTrue));
    return;
  }
  const texts =
    declaration.isFilter || declaration.isRepeatable
      ? itemsOf(value).map((item) => textOf(item, key))
      : [wholeText(value, key)];
  const earlier = () => (declaration.isRepeatable ? into.options[option.attributeName()] : undefined);
  for (const written of texts) {
    const isPath = takesPath(declaration) && written !== STANDARD_STREAM && written !== '';
    const text = isPath ? besideFile(at.file, written) : written;
    give(
      text,
      parse(() => option.parseArg?.(text, earlier()) ?? text, value, key),
    );
  }
}

/** An option whose value is optional defines its meaning without one. */
function meaningOf(option: Option, isTrue: boolean): unknown {
  if (option.negate) return false;
  return option.optional && isTrue ? option.parseArg?.(NO_VALUE, undefined) : isTrue;
}

function isOptionalFlag(declaration: OptionDeclaration, value: Located): boolean {
  return valueOf(declaration) === 'optional' && value.kind === 'true or false';
}

/** A list stands for comma-separated words. */
function wholeText(value: Located, key: string): string {
  return itemsOf(value)
    .map((item) => textOf(item, key))
    .join(',');
}

function parse(read: () => unknown, { at }: Located, key: string): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CommanderError || error instanceof UsageError)) throw error;
    throw errorAt(at, `'${key}': ${error.message.replace(/\.$/, '')}`);
  }
}
