/** The call table bound to libc, in both call styles. */
import pLimit from 'p-limit';
import { LocationError } from '../../errors.ts';
import { CALL_TABLE, numberFor, type CallShape, type Linux, type Parameter } from './call-table.ts';
import { loadLibrary, type ForeignFunction, type Library } from './library.ts';

export type CallStyle = 'blocking' | 'pooled';

/**
 * Calls in flight in one isolate: as many as koffi keeps contexts for, but for two. PERF: beyond them a
 * call costs ten times as much CPU.
 */
const POOLED_CALLS_PER_ISOLATE = 30;

type Argument = string | number | bigint | Uint8Array | null | undefined;
type Call = (
  a: Argument,
  b?: Argument,
  c?: Argument,
  d?: Argument,
  e?: Argument,
  f?: Argument,
) => number | Promise<number>;

const KOFFI_TYPES: Readonly<Record<Parameter, string>> = {
  int: 'int',
  uint: 'uint',
  long: 'int64_t',
  name: 'const void *',
  buffer: 'void *',
};

const limitPooled = pLimit(POOLED_CALLS_PER_ISOLATE);
let blockingCalls: Linux | undefined;
let pooledCalls: Linux | undefined;

/** All calls in one style. Blocking: 1 to 2 µs each, stops the isolate. Pooled: on libuv's threads. */
export function linuxCalls(style: CallStyle): Linux {
  if (style === 'blocking') return (blockingCalls ??= bindAll(blockingCall));
  return (pooledCalls ??= bindAll(pooledCall));
}

/** How many pooled calls this isolate may have in flight. */
export function limitPooledCalls(count: number): void {
  limitPooled.concurrency = Math.max(1, Math.min(count, POOLED_CALLS_PER_ISOLATE));
}

type Bind = (call: ForeignFunction, library: Library) => Call;

function bindAll(bind: Bind): Linux {
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new LocationError(`efs-sync knows the system calls of x64 and arm64; this is ${process.arch}`);
  }
  const library = loadLibrary();
  const bound = Object.entries(CALL_TABLE).map(([name, shape]) => [
    name,
    bind(declare(name, shape, library), library),
  ]);
  return Object.fromEntries(bound) as Linux;
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

/** Names of blocking calls are encoded here, by position: the call ends before the next one begins. */
const scratch = Array.from({ length: 4 }, () => Buffer.allocUnsafeSlow(8192));

/**
 * PERF: as many arguments as the longest call has, koffi passes over the rest. With rest parameters and
 * spreads a run too short for the compiler to help took 1.15 s instead of 1.0 (100,000 entries, no change).
 */
function blockingCall(call: ForeignFunction, { errno }: Library): Call {
  return (a, b, c, d, e, f) => {
    const result = call(pass(a, 0), pass(b, 1), pass(c, 2), pass(d, 3), e, f) as number;
    return result < 0 ? -errno() : result;
  };
}

function pass(argument: Argument, position: number): Argument {
  return typeof argument === 'string' ? encodeInto(scratch[position] as Buffer, argument) : argument;
}

function encodeInto(buffer: Buffer, name: string): Buffer {
  if (name.length >= buffer.length) return encode(name);
  buffer.write(name, 0, 'latin1');
  buffer[name.length] = 0;
  return buffer;
}

function encode(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'latin1');
}

function pooledCall(call: ForeignFunction, { errno }: Library): Call {
  return (...given) => {
    const args = given.map((argument) => (typeof argument === 'string' ? encode(argument) : argument));
    return limitPooled(
      () =>
        new Promise<number>((resolve, reject) => {
          call.async(...args, (error: Error | null, result: number) => {
            const failure = errno();
            // Names `args` so that its buffers live until the call has ended.
            if (error !== null)
              reject(new Error(`koffi failed with ${args.length} arguments`, { cause: error }));
            else resolve(result < 0 ? -failure : result);
          });
        }),
    );
  };
}
