/** Reads a task file as YAML 1.2, which includes JSON -> located values. */
import type { ByteString } from '../../model/byte-string.ts';
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
import { SyncError, UsageError } from '../../model/run/errors.ts';
import { reasonOf } from '../../report/error-reason.ts';
import { displayName, displayText, utf8Bytes } from '../../model/display-name.ts';
import type { Patience } from '../../flow/patience.ts';
import { readParts } from '../../filesystem/operator-files/pooled-io.ts';
import { errorAt, type Located, type LocatedEntry, type LocatedMap, type Position } from './located.ts';

/** A task takes a few kilobytes; lists of paths have files of their own. */
const LARGEST_FILE_BYTES = 1024 * 1024;

/** @throws UsageError that names file, line and column; Interrupted, TimedOut */
export async function readDocument(file: ByteString, patience: Patience): Promise<LocatedMap> {
  return parseText(file, await readText(file, patience));
}

function parseText(file: ByteString, text: string): LocatedMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const reader = new Reader(file, lines);
  // An unknown tag is only a warning, but would change the value.
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake !== undefined)
    throw errorAt(reader.place(mistake.pos[0]), `not YAML: ${displayText(firstLine(mistake.message))}`);
  const { contents } = document;
  if (isMap(contents)) return reader.map(contents.items, contents);
  throw errorAt(
    reader.place(0),
    'a task file must be a map: source: DIRECTORY, destination: DIRECTORY and options',
  );
}

async function readText(file: ByteString, patience: Patience): Promise<string> {
  const shown = displayName(file);
  try {
    const parts = await readParts(file, { patience, shown, mostBytes: LARGEST_FILE_BYTES });
    const bytes = Buffer.concat(parts);
    if (bytes.length > LARGEST_FILE_BYTES) {
      throw new UsageError(
        `cannot read ${shown}: it is larger than ${LARGEST_FILE_BYTES} bytes, the most that a task file may have`,
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
  readonly #file: ByteString;
  readonly #lines: LineCounter;

  constructor(file: ByteString, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  place(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  map(pairs: readonly Pair[], node: Node): LocatedMap {
    return { kind: 'a map', at: this.#positionOf(node), entries: pairs.map((pair) => this.#entry(pair)) };
  }

  #entry({ key, value }: Pair): LocatedEntry {
    const node = key as ParsedNode;
    const at = this.#positionOf(node);
    if (!isScalar(node)) throw errorAt(at, 'a key must be a word');
    return { key: utf8Bytes(String(node.value)), at, value: this.#value(value as ParsedNode | null, at) };
  }

  #value(node: ParsedNode | null, keyAt: Position): Located {
    if (node === null) return { kind: 'nothing', at: keyAt };
    const at = this.#positionOf(node);
    if (isAlias(node) || node.anchor !== undefined) {
      throw errorAt(at, 'task files do not support anchors and aliases: write out the value');
    }
    if (isMap(node)) return this.map(node.items, node);
    if (isSeq(node)) {
      return { kind: 'a list', at, items: node.items.map((item) => this.#value(item, at)) };
    }
    return scalarAt(node, at);
  }

  #positionOf(node: Node): Position {
    return this.place(node.range?.[0] ?? 0);
  }
}

/** A number stays text as written: options parse their values themselves. */
function scalarAt({ value, source }: Scalar, at: Position): Located {
  if (value === null) return { kind: 'nothing', at };
  if (typeof value === 'boolean') return { kind: 'true or false', at, isTrue: value };
  return { kind: 'text', at, text: utf8Bytes(typeof value === 'string' ? value : (source ?? '')) };
}
