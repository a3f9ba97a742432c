/** Reads the text of a --files-from list; only the syntax, no disk. */
import { UsageError } from '../../errors.ts';

/**
 * Paths relative to the source, in the order of the list, whose text comes in parts cut anywhere; cleaned of empty and `.` components, latin1. As in rsync a trailing slash
 * stays: it stands for the directory and what is directly in it. `.` is the source itself.
 */
export function* parseFilesFrom(parts: Iterable<string>, from0: boolean): Iterable<string> {
  let lineNumber = 0;
  for (const text of wholeLines(parts, from0 ? '\0' : '\n')) {
    for (const line of text.split(from0 ? '\0' : /\r\n|\r|\n/)) {
      lineNumber++;
      if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
      yield cleanPath(line, lineNumber);
    }
  }
}

/** The same text in parts that end where a line ends, without that end. */
function* wholeLines(parts: Iterable<string>, lineEnd: string): Iterable<string> {
  let pending = '';
  for (const part of parts) {
    pending += part;
    const end = pending.lastIndexOf(lineEnd);
    if (end === -1) continue;
    // A carriage return before it is of that end.
    const isPair = lineEnd === '\n' && pending[end - 1] === '\r';
    yield pending.slice(0, isPair ? end - 1 : end);
    pending = pending.slice(end + 1);
  }
  yield pending;
}

function cleanPath(line: string, lineNumber: number): string {
  if (line.includes('\0')) {
    throw new UsageError(`line ${lineNumber} of the list holds a NUL: is --from0 missing?`);
  }
  const components = line.split('/');
  if (components.includes('..')) {
    throw new UsageError(`line ${lineNumber} of the list has a ".." component: name paths below the source`);
  }
  const names = components.filter((name) => name !== '' && name !== '.');
  if (names.length === 0) return '.';
  return names.join('/') + (names.at(-1) === components.at(-1) ? '' : '/');
}
