/** A task file as YAML 1.2, which JSON is, too -> located values. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar,
} from 'yaml';
import { SyncError, UsageError } from '../../errors.ts';
import { reasonOf } from '../error-reason.ts';
import { displayName, displayText, utf8Bytes } from '../../model/display-name.ts';
import type { Patience } from '../patience.ts';
import { readParts } from '../read-input.ts';
import { errorAt, type Located, type LocatedEntry, type LocatedMap, type Place } from './located.ts';

/** A task takes a few kilobytes; lists of paths have files of their own. */
const LARGEST_FILE_BYTES = 1024 * 1024;

/** @throws UsageError that names file, line and column; Interrupted, TimedOut */
export async function readDocument(file: string, patience: Patience): Promise<LocatedMap> {
  return parseText(file, await readText(file, patience));
}

function parseText(file: string, text: string): LocatedMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const reader = new Reader(file, lines);
  // An unknown tag is but a warning, and its value would be another.
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake !== undefined)
    throw errorAt(reader.place(mistake.pos[0]), `not YAML: ${displayText(firstLine(mistake.message))}`);
  const { contents } = document;
  if (isMap(contents)) return reader.map(contents.items, contents);
  throw errorAt(
    reader.place(0),
    'a task file is a map: source: DIRECTORY, destination: DIRECTORY and options',
  );
}

async function readText(file: string, patience: Patience): Promise<string> {
  const shown = displayName(file);
  try {
    const parts = await readParts(file, { patience, shown, mostBytes: LARGEST_FILE_BYTES });
    const bytes = Buffer.concat(parts);
    if (bytes.length > LARGEST_FILE_BYTES) {
      throw new UsageError(
        `cannot read ${shown}: it has more than ${LARGEST_FILE_BYTES} bytes, too many for a task file`,
      );
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof SyncError) throw error;
    const reason = error instanceof TypeError ? 'It is not UTF-8' : reasonOf(error);
    throw new UsageError(`cannot read ${shown}: ${reason}`, { cause: error });
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

class Reader {
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  map(pairs: readonly Pair[], node: Node): LocatedMap {
    return { kind: 'a map', at: this.#placeOf(node), entries: pairs.map((pair) => this.#entry(pair)) };
  }

  #entry({ key, value }: Pair): LocatedEntry {
    const node = key as ParsedNode;
    const at = this.#placeOf(node);
    if (!isScalar(node)) throw errorAt(at, 'a key is a word');
    return { key: utf8Bytes(String(node.value)), at, value: this.#value(value as ParsedNode | null, at) };
  }

  #value(node: ParsedNode | null, keyAt: Place): Located {
    if (node === null) return { kind: 'nothing', at: keyAt };
    const at = this.#placeOf(node);
    if (isAlias(node) || node.anchor !== undefined) {
      throw errorAt(at, 'anchors and aliases are not used in task files: write the value out');
    }
    if (isMap(node)) return this.map(node.items, node);
    if (isSeq(node)) {
      return { kind: 'a list', at, items: node.items.map((item) => this.#value(item, at)) };
    }
    return scalarAt(node, at);
  }

  #placeOf(node: Node): Place {
    return this.place(node.range?.[0] ?? 0);
  }
}

/** A number is text as it was written: options read their values themselves. */
function scalarAt({ value, source }: Scalar, at: Place): Located {
  if (value === null) return { kind: 'nothing', at };
  if (typeof value === 'boolean') return { kind: 'true or false', at, isTrue: value };
  return { kind: 'text', at, text: utf8Bytes(typeof value === 'string' ? value : (source ?? '')) };
}
