/** Binds the call table to libc, and chooses how calls are made: blocking, pooled, or through a ring. */
import type { ByteString } from '../model/byte-string.ts';
import { LocationError } from '../model/run/errors.ts';
import { adaptiveCall } from './adaptive-call.ts';
import { limitedInFlight } from './call-limits.ts';
import {
  type Parameter,
  type Call,
  CALL_TABLE,
  type CallName,
  type Calls,
  type CallShape,
  type CallStyle,
  type Linux,
  type LocalCallName,
  encodeName,
  numberFor,
} from './call-table.ts';
import { beginBlocking, callNumber, fdPosition, nameBuffer, endBlocking, notedOnPool } from './call-notes.ts';
import { type ForeignFunction, type Library, loadLibrary } from './library.ts';
import { pooledCall } from './pooled-call.ts';
import type { Ring } from './ring.ts';
import { ringCalls } from './ring-calls.ts';

const KOFFI_TYPES: Readonly<Record<Parameter, string>> = {
  int: 'int',
  uint: 'uint',
  long: 'int64_t',
  name: 'const void *',
  buffer: 'void *',
};

let blockingCalls: Linux | undefined;
let pooledCalls: Linux | undefined;

/** In this thread, or on libuv's thread pool. */
export type CallPath = 'blocking' | 'pooled';

/** Makes every call the same way. */
export function linuxCalls(path: CallPath): Linux {
  if (path === 'blocking') return (blockingCalls ??= bindAll('blocking', blockingCall));
  return (pooledCalls ??= bindAll('overlapping', notedPooledCall));
}

/** Calls go through the ring; calls that the ring lacks go to the pool. */
export function linuxCallsThrough(ring: Ring): Linux {
  const pooled = linuxCalls('pooled');
  return { ...pooled, ...ringCalls(ring, pooled) };
}

export interface OverlappingPlan {
  readonly ring: Ring | undefined;
  /** Undefined: `limitCallsInFlight` has set it for all runs of the isolate. */
  readonly mostInFlight?: number | undefined;
}

/** Calls in `local` block for as long as the client answers them without the server. */
export function overlappingCalls(latencyUs: number, { ring, mostInFlight }: OverlappingPlan): Linux {
  const blocking = linuxCalls('blocking');
  const all = ring === undefined ? linuxCalls('pooled') : linuxCallsThrough(ring);
  const overlapping = mostInFlight === undefined ? all : { ...all, ...limitedInFlight(all, mostInFlight) };
  const adapt = (name: LocalCallName) =>
    adaptiveCall(blocking[name] as Call, overlapping[name] as Call, latencyUs / 1000);
  const local = { close: adapt('close'), pwrite: adapt('pwrite'), statx: adapt('statx') };
  return { ...overlapping, local };
}

type Bind = (call: ForeignFunction, library: Library, name: CallName) => Call;

function bindAll(style: CallStyle, bind: Bind): Linux {
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new LocationError(`efs-sync knows the system calls of x64 and arm64; this is ${process.arch}`);
  }
  const library = loadLibrary();
  const bound = Object.entries(CALL_TABLE).map(([name, shape]) => [
    name,
    bind(declare(name, shape, library), library, name as CallName),
  ]);
  const calls = Object.fromEntries(bound) as Calls;
  return { ...calls, style, local: calls };
}

function declare(name: string, shape: CallShape, library: Library): ForeignFunction {
  const types = shape.parameters.map((parameter) => KOFFI_TYPES[parameter]);
  const number = numberFor(shape);
  if (number === undefined) return library.declare(name, shape.long ? 'int64_t' : 'int', types);
  const call = library.declare('syscall', 'int64_t', ['int64_t', ...types]);
  const byNumber: CallFunction = (a, b, c, d, e, f) => call(number, a, b, c, d, e, f);
  return Object.assign(byNumber, { async: (...args: unknown[]) => call.async(number, ...args) });
}

type CallFunction = (a: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown) => unknown;

function notedPooledCall(call: ForeignFunction, library: Library, name: CallName): Call {
  return pooledCall(notedOnPool(name, call), library);
}

/**
 * PERF: takes as many arguments as the longest call has, and koffi ignores the rest. Rest parameters and
 * spreads took 1.15 s instead of 1.0 in a run too short for the compiler to optimise them (100,000 entries,
 * no change).
 */
function blockingCall(call: ForeignFunction, { errno }: Library, name: CallName): Call {
  const { parameters, long }: CallShape = CALL_TABLE[name];
  const number = callNumber(name);
  const fdAt = fdPosition(name);
  const callNamed = encodingNames(call, parameters);
  const callNoted: Call = (a, b, c, d, e, f) => {
    beginBlocking(number, fdAt === 0 ? a : fdAt === 1 ? b : fdAt === 2 ? c : -1);
    const result = callNamed(a, b, c, d, e, f) as number;
    endBlocking();
    return result < 0 ? -errno() : result;
  };
  // koffi returns a BigInt past 2^53.
  return long === true ? (a, b, c, d, e, f) => Number(callNoted(a, b, c, d, e, f)) : callNoted;
}

/**
 * PERF: checks only arguments that can be names. With four checks in each call, V8 found the code too large
 * to inline into its callers and took the slow path to koffi: a tenth of the CPU of a run with nothing to do.
 */
function encodingNames(call: ForeignFunction, parameters: readonly Parameter[]): CallFunction {
  const positions = parameters.flatMap((parameter, position) => (parameter === 'name' ? [position] : []));
  if (positions.length === 0) return call;
  if (positions.length === 1 && positions[0] === 1) {
    return (a, b, c, d, e, f) => call(a, encodeInto(nameBuffer(1), b as string), c, d, e, f);
  }
  return (a, b, c, d, e, f) => call(pass(a, 0), pass(b, 1), pass(c, 2), pass(d, 3), e, f);
}

function pass(argument: unknown, position: number): unknown {
  return typeof argument === 'string' ? encodeInto(nameBuffer(position), argument) : argument;
}

/**
 * Longer names are encoded by Node's own call, which takes as long at this length. It is kept out of line
 * because it is large wherever it is inlined.
 */
const SHORT_NAME = 30;

function encodeInto(buffer: Buffer, name: ByteString): Buffer {
  const { length } = name;
  if (length > SHORT_NAME) return encodeLongInto(buffer, name);
  for (let at = 0; at < length; at++) buffer[at] = name.charCodeAt(at);
  buffer[length] = 0;
  return buffer;
}

function encodeLongInto(buffer: Buffer, name: ByteString): Buffer {
  if (name.length >= buffer.length) return encodeName(name);
  buffer.write(name, 0, 'latin1');
  buffer[name.length] = 0;
  return buffer;
}
