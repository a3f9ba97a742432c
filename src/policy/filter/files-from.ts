/** Reads the text of a --files-from list; only the syntax, no disk. */
import { UsageError } from '../../errors.ts';

/**
 * Paths relative to the source, cleaned of empty and `.` components, latin1. As in rsync a trailing slash
 * stays: it stands for the directory and what is directly in it. `.` is the source itself.
 */
export function parseFilesFrom(text: string, from0: boolean): string[] {
  const paths: string[] = [];
  for (const [index, line] of text.split(from0 ? '\0' : /\r\n|\r|\n/).entries()) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    paths.push(cleanPath(line, index + 1));
  }
  return paths;
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
