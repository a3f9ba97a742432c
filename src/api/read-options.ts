/** A program's options, under the names of task files -> the same request as a task file makes. */
import { UsageError } from '../model/run/errors.ts';
import { displayName, utf8Bytes } from '../model/display-name.ts';
import { unknownKey } from '../cli/task-file/data-sync.ts';
import { OPTION_KEYS, rsyncKeyHint } from '../cli/task-file/keys.ts';
import { errorAt, type Located, type LocatedEntry } from '../cli/task-file/located.ts';
import { readOption, type ReadOptions } from '../cli/task-file/read-option.ts';
import { readFilters } from '../cli/task-file/read-task.ts';
import type { SyncOptions } from './sync-options.ts';

/** What the command prints or writes besides the sync, which here is the caller's part. */
const OF_THE_COMMAND: ReadonlySet<string> = new Set(['progress', 'P', 'verbose', 'limits-file']);
const NOWHERE = { file: '', line: 0, column: 0 };

/** @throws UsageError that names the option */
export function readOptions(options: SyncOptions): ReadOptions {
  const reading: ReadOptions = { options: {}, filters: [], given: [] };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const key = utf8Bytes(name);
    readKey({ key, at: NOWHERE, value: locate(value, name) }, reading);
  }
  return { ...reading, given: reading.given.map(({ key, value }) => ({ key, value, origin: 'program' })) };
}

function readKey(entry: LocatedEntry, reading: ReadOptions): void {
  const { key } = entry;
  if (key === 'filters') return readFilters(entry, reading);
  const declaration = OPTION_KEYS.get(key);
  if (declaration === undefined) {
    const known = [...OPTION_KEYS.keys(), 'filters', 'reporter', 'signal'];
    throw errorAt(NOWHERE, rsyncKeyHint(key) ?? unknownKey(key, known));
  }
  if (declaration.presentation !== undefined || OF_THE_COMMAND.has(key)) {
    throw new UsageError(
      `'${key}' works only on the command line: use a reporter, or what the run gives back`,
    );
  }
  readOption(entry, declaration, reading);
}

function locate(value: unknown, name: string): Located {
  const at = NOWHERE;
  if (typeof value === 'boolean') return { kind: 'true or false', at, isTrue: value };
  if (typeof value === 'string') return { kind: 'text', at, text: utf8Bytes(value) };
  if (typeof value === 'number') return { kind: 'text', at, text: String(value) };
  if (Buffer.isBuffer(value)) return { kind: 'text', at, text: value.toString('latin1') };
  if (value === null) return { kind: 'nothing', at };
  if (Array.isArray(value)) return { kind: 'a list', at, items: value.map((item) => locate(item, name)) };
  if (typeof value !== 'object')
    throw new UsageError(`'${displayName(utf8Bytes(name))}' cannot be a ${typeof value}`);
  const entries = Object.entries(value).map(([key, each]) => {
    return { key: utf8Bytes(key), at, value: locate(each, key) };
  });
  return { kind: 'a map', at, entries };
}
