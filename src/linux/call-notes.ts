/**
 * Records an isolate's calls in flight in shared memory, so that another thread can report them while this
 * isolate, or a thread of its pool, is stuck. PERF: a blocking call notes two numbers; its name is in the
 * shared buffer already.
 */
import { type Cells, shareCells } from '../flow/shared-cells.ts';
import { type Argument, CALL_TABLE, type CallName, type CallShape } from './call-table.ts';
import type { ForeignFunction } from './library.ts';
import { CALLS_PER_ISOLATE } from '../model/concurrency.ts';

const CALL_NAMES = Object.keys(CALL_TABLE) as CallName[];
const SUBJECTS = CALL_NAMES.map((name) => subjectOf(name, CALL_TABLE[name]));

/** One buffer per argument position holds a blocking call's name: blocking calls never overlap. */
const SCRATCH_COUNT = 4;
const SCRATCH_BYTES = 8192;

/** The first slot is for the blocking call, the others for overlapping calls. */
const SLOT_COUNT = 1 + CALLS_PER_ISOLATE;
const SLOT_BYTES = 1024;
const HEADER_BYTES = 8;
/** The call is its position in the table, from 1; 0 means no call. */
const [CALL, FD] = [0, 1] as const;

const SCRATCHES_BYTES = SCRATCH_COUNT * SCRATCH_BYTES;
const FIRST_SLOT = SCRATCHES_BYTES + 8;

class Notes {
  readonly cells: Cells;
  readonly scratch: readonly Buffer[];
  /** Incremented at the end of each call. */
  readonly moves: Int32Array;
  readonly headers: readonly Int32Array[];
  readonly names: readonly Buffer[];
  readonly free: number[];

  constructor(cells: Cells) {
    const { buffer, byteOffset } = cells;
    const slots = Array.from({ length: SLOT_COUNT }, (_, index) => index);
    const starts = slots.map((slot) => byteOffset + FIRST_SLOT + slot * SLOT_BYTES);
    this.cells = cells;
    this.scratch = slots
      .slice(0, SCRATCH_COUNT)
      .map((index) => Buffer.from(buffer, byteOffset + index * SCRATCH_BYTES, SCRATCH_BYTES));
    this.moves = new Int32Array(buffer, byteOffset + SCRATCHES_BYTES, 1);
    this.headers = starts.map((start) => new Int32Array(buffer, start, HEADER_BYTES / 4));
    this.names = starts.map((start) => Buffer.from(buffer, start + HEADER_BYTES, SLOT_BYTES - HEADER_BYTES));
    this.free = slots.slice(1);
  }
}

export const CALL_NOTES_BYTES = FIRST_SLOT + SLOT_COUNT * SLOT_BYTES;

let own = new Notes(shareCells({ calls: CALL_NOTES_BYTES }).calls);
/** PERF: kept in a variable, as looking up the blocking call's header takes 0.1 µs of its 1.5. */
let blocking = own.headers[0] as Int32Array;
let moves = own.moves;

export function ownCallNotes(): Cells {
  return own.cells;
}

/** A worker calls this before its first system call. */
export function noteCallsIn(cells: Cells): void {
  if (cells === own.cells) return;
  own = new Notes(cells);
  blocking = own.headers[0] as Int32Array;
  moves = own.moves;
}

/** The buffer for the name that a blocking call takes at this argument position. */
export function nameBuffer(position: number): Buffer {
  return own.scratch[position] as Buffer;
}

/** Position of the descriptor that a call is about; -1: it has none. */
export function fdPosition(call: CallName): number {
  return SUBJECTS[CALL_NAMES.indexOf(call)]?.fdAt ?? -1;
}

export function callNumber(call: CallName): number {
  return CALL_NAMES.indexOf(call) + 1;
}

export function beginBlocking(call: number, fd: Argument): void {
  begin(blocking, call, fd);
}

export function endBlocking(): void {
  end(blocking);
}

function begin(header: Int32Array, call: number, fd: Argument): void {
  header[FD] = typeof fd === 'number' ? fd : -1;
  header[CALL] = call;
}

function end(header: Int32Array): void {
  header[CALL] = 0;
  moves[0] = (moves[0] as number) + 1;
}

/** Gives the slot to pass to `endOverlapping`; undefined if all slots are taken. */
export function beginOverlapping(call: number, args: readonly unknown[]): number | undefined {
  const slot = own.free.pop();
  if (slot === undefined) return undefined;
  const { fdAt, nameAt } = SUBJECTS[call - 1] as Subject;
  noteName(own.names[slot] as Buffer, args[nameAt]);
  begin(own.headers[slot] as Int32Array, call, args[fdAt] as Argument);
  return slot;
}

export function endOverlapping(slot: number | undefined): void {
  if (slot === undefined) return;
  end(own.headers[slot] as Int32Array);
  own.free.push(slot);
}

/** The same call, noted while a thread of the pool makes it. */
export function notedOnPool(name: CallName, call: ForeignFunction): ForeignFunction {
  const number = callNumber(name);
  const async = (...args: unknown[]): void => {
    const slot = beginOverlapping(number, args);
    const done = args.pop() as (...results: unknown[]) => void;
    call.async(...args, (...results: unknown[]) => {
      // Read errno before anything else: any later call may change it.
      done(...results);
      endOverlapping(slot);
    });
  };
  return Object.assign((...args: unknown[]) => call(...args), { async });
}

function noteName(into: Buffer, name: unknown): void {
  const room = into.length - 1;
  const length =
    typeof name === 'string'
      ? into.write(name, 0, room, 'latin1')
      : Buffer.isBuffer(name)
        ? name.copy(into, 0, 0, room)
        : 0;
  into[length] = 0;
}

export interface NotedCall {
  readonly call: CallName;
  readonly fd: number;
  /** latin1. Relative to the directory `fd`, if there is one; empty if the call is about `fd` itself. */
  readonly name: string;
}

export interface CallNotes {
  readonly moves: number;
  readonly calls: readonly NotedCall[];
}

/** Any thread may call this. A call that begins or ends meanwhile may be reported wrongly. */
export function readCallNotes(cells: Cells): CallNotes {
  const notes = cells === own.cells ? own : new Notes(cells);
  const calls = notes.headers.flatMap((header, slot) => {
    const [number = 0, fd = -1] = header;
    const call = CALL_NAMES[number - 1];
    if (call === undefined) return [];
    const { nameAt } = SUBJECTS[number - 1] as Subject;
    const buffer = slot === 0 ? notes.scratch[nameAt] : notes.names[slot];
    return [{ call, fd, name: nameAt < 0 ? '' : textIn(buffer as Buffer) }];
  });
  return { moves: notes.moves[0] as number, calls };
}

function textIn(buffer: Buffer): string {
  return buffer.toString('latin1', 0, Math.max(0, buffer.indexOf(0)));
}

/** Positions of arguments; -1 means none. */
interface Subject {
  readonly fdAt: number;
  readonly nameAt: number;
}

/** Takes the last of a call's two names: the new name that link and rename create. */
function subjectOf(call: string, { parameters }: CallShape): Subject {
  const isByFd = parameters[0] === 'int';
  // The second name of an xattr call is the attribute's.
  if (call.endsWith('xattr')) return isByFd ? { fdAt: 0, nameAt: -1 } : { fdAt: -1, nameAt: 0 };
  const nameAt = parameters.lastIndexOf('name');
  if (nameAt < 0) return { fdAt: isByFd ? 0 : -1, nameAt };
  return { fdAt: parameters[nameAt - 1] === 'int' ? nameAt - 1 : -1, nameAt };
}
