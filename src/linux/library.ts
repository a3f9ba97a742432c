/** Loads koffi and libc, once per isolate. */
import { createRequire } from 'node:module';
import { KOFFI_CONTEXTS } from '../model/concurrency.ts';
import { LocationError } from '../model/run/errors.ts';
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
  /** errno of this thread's last call: read it right after the call. */
  readonly errno: () => number;
}

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
  koffi.config({ resident_async_pools: KOFFI_CONTEXTS });
  // null means the process itself, and so the libc that node was linked with, glibc or musl.
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
    // require loads it in half the time of import, and only when first needed.
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocationError(
      `cannot load koffi, which makes the system calls, on ${process.platform}-${process.arch}: ${reason}`,
      { code: 'ERR_KOFFI', cause },
    );
  }
}
