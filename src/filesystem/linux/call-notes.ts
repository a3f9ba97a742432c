/**
 * Which calls an isolate has under way, in shared memory: another thread can tell of them while this one,
 * or one of the pool, is stuck. PERF: a blocking call notes two numbers, its name is there already.
 */
import { CALL_TABLE, type CallName } from './call-table.ts';
import { subjectOf, type Subject } from './call-subject.ts';
import type { Argument } from './call.ts';
import { MOST_CALLS_IN_FLIGHT } from './calls-in-flight.ts';
import type { ForeignFunction } from './library.ts';

const CALL_NAMES = Object.keys(CALL_TABLE) as CallName[];
const SUBJECTS = CALL_NAMES.map((name) => subjectOf(name, CALL_TABLE[name]));

/** Blocking calls have their names here, by position: one ends before the next one begins. */
const SCRATCH_COUNT = 4;
const SCRATCH_BYTES = 8192;

/** The first is for the call that blocks, the others for those that overlap. */
const SLOT_COUNT = 1 + MOST_CALLS_IN_FLIGHT;
const SLOT_BYTES = 1024;
const HEADER_BYTES = 8;
/** The call by its place in the table, from 1; 0: none. */
const [CALL, FD] = [0, 1] as const;

const SCRATCHES_BYTES = SCRATCH_COUNT * SCRATCH_BYTES;
const FIRST_SLOT = SCRATCHES_BYTES + 8;

function startOf(slot: number): number {
  return FIRST_SLOT + slot * SLOT_BYTES;
}

class Notes {
  readonly shared: SharedArrayBuffer;
  readonly scratch: readonly Buffer[];
  /** A count that each end of a call moves. */
  readonly moves: Int32Array;
  readonly headers: readonly Int32Array[];
  readonly names: readonly Buffer[];
  readonly free: number[];

  constructor(shared: SharedArrayBuffer) {
    const slots = Array.from({ length: SLOT_COUNT }, (_, index) => index);
    this.shared = shared;
    this.scratch = slots
      .slice(0, SCRATCH_COUNT)
      .map((index) => Buffer.from(shared, index * SCRATCH_BYTES, SCRATCH_BYTES));
    this.moves = new Int32Array(shared, SCRATCHES_BYTES, 1);
    this.headers = slots.map((slot) => new Int32Array(shared, startOf(slot), HEADER_BYTES / 4));
    this.names = slots.map((slot) =>
      Buffer.from(shared, startOf(slot) + HEADER_BYTES, SLOT_BYTES - HEADER_BYTES),
    );
    this.free = slots.slice(1);
  }
}

export function newCallNotes(): SharedArrayBuffer {
  return new SharedArrayBuffer(FIRST_SLOT + SLOT_COUNT * SLOT_BYTES);
}

let own = new Notes(newCallNotes());
/** PERF: what a blocking call writes to, without a look for it: 0.1 µs of its 1.5. */
let blocking = own.headers[0] as Int32Array;
let moves = own.moves;

export function ownCallNotes(): SharedArrayBuffer {
  return own.shared;
}

/** Of a worker: before it makes a call. */
export function noteCallsIn(shared: SharedArrayBuffer): void {
  if (shared === own.shared) return;
  own = new Notes(shared);
  blocking = own.headers[0] as Int32Array;
  moves = own.moves;
}

/** Where a blocking call has the name that it is given at a position. */
export function nameBuffer(position: number): Buffer {
  return own.scratch[position] as Buffer;
}

/** Which argument the descriptor is that a call is about; -1: none. */
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

/** Of a call that others overlap: what to end it with; undefined: there is no room for another. */
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

/** The same call, noted for as long as a thread of the pool makes it. */
export function notedOnPool(name: CallName, call: ForeignFunction): ForeignFunction {
  const number = callNumber(name);
  const async = (...args: unknown[]): void => {
    const slot = beginOverlapping(number, args);
    const done = args.pop() as (...results: unknown[]) => void;
    call.async(...args, (...results: unknown[]) => {
      // errno is read first of all.
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
  /** latin1, relative to what `fd` is where that is one; empty: it is about `fd` itself. */
  readonly name: string;
}

export interface CallNotes {
  readonly moves: number;
  readonly calls: readonly NotedCall[];
}

/** For any thread. What moves meanwhile may be told wrong. */
export function readCallNotes(shared: SharedArrayBuffer): CallNotes {
  const notes = shared === own.shared ? own : new Notes(shared);
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
