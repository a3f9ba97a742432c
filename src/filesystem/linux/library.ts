/** Loads koffi and libc, once an isolate. */
import { createRequire } from 'node:module';
import { LocationError } from '../../errors.ts';
import { describeErrorsWith } from './system-error.ts';

type Koffi = typeof import('koffi');

/** A declared function: called at once, or on libuv's thread pool with a final callback. */
export interface ForeignFunction {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

export interface Library {
  readonly declare: (name: string, result: string, parameters: readonly string[]) => ForeignFunction;
  readonly addressOf: (memory: Buffer) => bigint;
  /** errno of the last call of this thread: read it first thing after the call. */
  readonly errno: () => number;
}

/**
 * The most koffi keeps, an isolate. PERF: a pooled call that finds none of its contexts free maps and
 * unmaps memory: 30 in flight cost 53 µs of CPU a call with koffi's default of 8, and 3 with 32.
 */
const RESIDENT_POOLS = 32;

let loaded: Library | undefined;

/** @throws LocationError where the platform is not Linux or koffi cannot load */
export function loadLibrary(): Library {
  loaded ??= load();
  return loaded;
}

export function isLibraryLoaded(): boolean {
  return loaded !== undefined;
}

function load(): Library {
  if (process.platform !== 'linux') {
    throw new LocationError(`efs-sync runs on Linux only; this is ${process.platform}`, { code: 'ENOTSUP' });
  }
  const koffi = requireKoffi();
  koffi.config({ resident_async_pools: RESIDENT_POOLS });
  // The process itself: whichever libc node was linked with, glibc or musl.
  const libc = koffi.load(null);
  const strerror = libc.func('strerror', 'const char *', ['int']) as (errno: number) => string;
  describeErrorsWith(strerror);
  return {
    declare: (name, result, parameters) => libc.func(name, result, [...parameters]),
    addressOf: (memory) => koffi.address(memory),
    errno: () => koffi.errno(),
  };
}

function requireKoffi(): Koffi {
  try {
    // require, not import: it loads in half the time, and only when first needed.
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocationError(
      `cannot load koffi, which makes the system calls, on ${process.platform}-${process.arch}: ${reason}`,
      { code: 'ERR_KOFFI', cause },
    );
  }
}
