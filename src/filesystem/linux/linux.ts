/** The call table bound to libc, and the ways a call can take. */
import { LocationError } from '../../errors.ts';
import { adaptiveCall } from './adaptive-call.ts';
import {
  CALL_TABLE,
  numberFor,
  type Calls,
  type CallName,
  type CallShape,
  type CallStyle,
  type Linux,
  type LocalCallName,
  type Parameter,
} from './call-table.ts';
import { beginBlocking, callNumber, endBlocking, fdPosition, nameBuffer, notedOnPool } from './call-notes.ts';
import { encodeName, type Argument, type Call } from './call.ts';
import { loadLibrary, type ForeignFunction, type Library } from './library.ts';
import { pooledCall } from './pooled-call.ts';
import { ringCalls } from './ring/ring-calls.ts';
import type { Ring } from './ring/ring.ts';

const KOFFI_TYPES: Readonly<Record<Parameter, string>> = {
  int: 'int',
  uint: 'uint',
  long: 'int64_t',
  name: 'const void *',
  buffer: 'void *',
};

let blockingCalls: Linux | undefined;
let pooledCalls: Linux | undefined;

/** In this thread, or on libuv's. */
export type CallPath = 'blocking' | 'pooled';

/** All calls by one way. */
export function linuxCalls(path: CallPath): Linux {
  if (path === 'blocking') return (blockingCalls ??= bindAll('blocking', blockingCall));
  return (pooledCalls ??= bindAll('overlapping', notedPooledCall));
}

/** Through the ring, or on the pool what it does not know. */
export function linuxCallsThrough(ring: Ring): Linux {
  const pooled = linuxCalls('pooled');
  return { ...pooled, ...ringCalls(ring, pooled) };
}

/** Those that `local` is for block while they do not ask the server. */
export function overlappingCalls(latencyUs: number, ring: Ring | undefined): Linux {
  const blocking = linuxCalls('blocking');
  const overlapping = ring === undefined ? linuxCalls('pooled') : linuxCallsThrough(ring);
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
 * PERF: as many arguments as the longest call has, koffi passes over the rest. With rest parameters and
 * spreads a run too short for the compiler to help took 1.15 s instead of 1.0 (100,000 entries, no change).
 */
function blockingCall(call: ForeignFunction, { errno }: Library, name: CallName): Call {
  const number = callNumber(name);
  const fdAt = fdPosition(name);
  return (a, b, c, d, e, f) => {
    beginBlocking(number, fdAt === 0 ? a : fdAt === 1 ? b : fdAt === 2 ? c : -1);
    const result = call(pass(a, 0), pass(b, 1), pass(c, 2), pass(d, 3), e, f) as number | bigint;
    endBlocking();
    return result < 0 ? -errno() : Number(result);
  };
}

function pass(argument: Argument, position: number): Argument {
  return typeof argument === 'string' ? encodeInto(nameBuffer(position), argument) : argument;
}

function encodeInto(buffer: Buffer, name: string): Buffer {
  if (name.length >= buffer.length) return encodeName(name);
  buffer.write(name, 0, 'latin1');
  buffer[name.length] = 0;
  return buffer;
}
