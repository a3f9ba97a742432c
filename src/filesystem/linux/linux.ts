/** The call table bound to libc, in both call styles. */
import pLimit from 'p-limit';
import { LocationError } from '../../errors.ts';
import { CALL_TABLE, numberFor, type CallShape, type Linux, type Parameter } from './call-table.ts';
import { loadLibrary, type ForeignFunction, type Library } from './library.ts';

export type CallStyle = 'blocking' | 'pooled';

/**
 * Calls in flight in one isolate. PERF: koffi keeps 32 call contexts an isolate; beyond them a call
 * costs 27 µs of CPU instead of 5.5 (measured, 2 cores).
 */
const POOLED_CALLS_PER_ISOLATE = 30;

type Argument = string | number | bigint | Uint8Array | null;
type Call = (...args: Argument[]) => number | Promise<number>;

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

type Bind = (call: ForeignFunction, library: Library, nameIndexes: readonly number[]) => Call;

function bindAll(bind: Bind): Linux {
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new LocationError(`efs-sync knows the system calls of x64 and arm64; this is ${process.arch}`);
  }
  const library = loadLibrary();
  const bound = Object.entries(CALL_TABLE).map(([name, shape]) => [
    name,
    bindOne(name, shape, library, bind),
  ]);
  return Object.fromEntries(bound) as Linux;
}

function bindOne(name: string, shape: CallShape, library: Library, bind: Bind): Call {
  const types = shape.parameters.map((parameter) => KOFFI_TYPES[parameter]);
  const nameIndexes = shape.parameters.flatMap((parameter, index) => (parameter === 'name' ? [index] : []));
  const number = numberFor(shape);
  if (number === undefined) {
    return bind(library.declare(name, shape.long ? 'int64_t' : 'int', types), library, nameIndexes);
  }
  const shifted = nameIndexes.map((index) => index + 1);
  const call = bind(library.declare('syscall', 'int64_t', ['int64_t', ...types]), library, shifted);
  return (...args) => call(number, ...args);
}

/** Names of blocking calls are encoded here: the call ends before the next one begins. */
const scratch = [Buffer.allocUnsafeSlow(8192), Buffer.allocUnsafeSlow(8192)];

function blockingCall(call: ForeignFunction, library: Library, nameIndexes: readonly number[]): Call {
  const { errno } = library;
  return (...args) => {
    for (let i = 0; i < nameIndexes.length; i++) {
      const index = nameIndexes[i] as number;
      args[index] = encodeInto(scratch[i] as Buffer, args[index] as string);
    }
    const result = call(...args) as number;
    return result < 0 ? -errno() : result;
  };
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

function pooledCall(call: ForeignFunction, library: Library, nameIndexes: readonly number[]): Call {
  const { errno } = library;
  return (...args) => {
    for (const index of nameIndexes) args[index] = encode(args[index] as string);
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
