/** A value as YAML that the reader of task files reads back as that value. */
import { isMap, isScalar, parseDocument } from 'yaml';
import { UsageError } from '../../errors.ts';
import { decodeName, displayName } from '../../model/display-name.ts';

/** What is not seen, or moves what is: written as an escape. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;
const MAY_NEED_ESCAPES = /["\\]|[\p{C}\p{Zl}\p{Zp}]/gu;
const DIGITS_OF_SHORT_ESCAPE = 4;

/** @param value latin1 @throws UsageError where its bytes are no text */
export function yamlScalar(key: string, value: string | boolean): string {
  if (typeof value === 'boolean') return String(value);
  const { text, exact } = decodeName(value);
  if (!exact) {
    throw new UsageError(`a task file is UTF-8, and the value of '${key}' is not: ${displayName(value)}`);
  }
  return isReadAsItStands(text) ? text : `"${text.replace(MAY_NEED_ESCAPES, escaped)}"`;
}

/** Asked of the parser itself. A number is text to it, as it was written. */
function isReadAsItStands(text: string): boolean {
  if (text === '' || HIDDEN.test(text)) return false;
  const { contents, errors, warnings } = parseDocument(`key: ${text}\n`, { schema: 'core' });
  if (errors.length > 0 || warnings.length > 0 || !isMap(contents)) return false;
  const value = contents.items[0]?.value;
  if (!isScalar(value) || value.type !== 'PLAIN' || value.anchor !== undefined || value.tag !== undefined)
    return false;
  return typeof value.value === 'number' ? value.source === text : value.value === text;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length > DIGITS_OF_SHORT_ESCAPE ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
