/** A key of a task file that is an option of the command line: read by that option's own parser. */
import { CommanderError, type Option } from 'commander';
import { UsageError } from '../../errors.ts';
import { toOption } from '../command.ts';
import type { OptionDeclaration } from '../option-table.ts';
import { NO_VALUE } from '../option-values.ts';
import type { FilterArgument, GivenOption } from '../options.ts';
import { errorAt, flagOf, itemsOf, textOf, type Located, type LocatedEntry } from './located.ts';
import { valueOf } from './keys.ts';

/** What the file has said so far. */
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
    // Not to turn something off says nothing about how it is to be.
    if (isTrue || !option.negate) give(isTrue, meaningOf(option, isTrue));
    return;
  }
  const texts = declaration.isFilter
    ? itemsOf(value).map((item) => textOf(item, key))
    : [wholeText(value, key)];
  for (const text of texts) {
    give(
      text,
      parse(() => option.parseArg?.(text, undefined) ?? text, value, key),
    );
  }
}

/** An option that may have a value says itself what it means without one. */
function meaningOf(option: Option, isTrue: boolean): unknown {
  if (option.negate) return false;
  return option.optional && isTrue ? option.parseArg?.(NO_VALUE, undefined) : isTrue;
}

function isOptionalFlag(declaration: OptionDeclaration, value: Located): boolean {
  return valueOf(declaration) === 'optional' && value.kind === 'true or false';
}

/** A list may stand for words that commas separate. */
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
