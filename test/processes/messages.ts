/** What passes between a run and the processes that serve its units. */
import type { RunSetup } from '../../src/engine/context/worker-context.ts';
import type { ServedUnit, WorkUnit } from '../../src/engine/messages/units.ts';
import type { Limits, Settings } from '../../src/model/settings.ts';

export interface ProcessSetup {
  readonly laneCount: number;
  readonly settings: Settings;
  /** Without descriptors: each process opens the roots itself. */
  readonly run: RunSetup;
  readonly countsInFlight: boolean;
  readonly limitsMayChange: boolean;
  /** There once the run is to stop. */
  readonly stopPath: string;
}

export type ToServer =
  | { readonly kind: 'begin'; readonly setup: ProcessSetup }
  | { readonly kind: 'unit'; readonly id: number; readonly unit: WorkUnit }
  | { readonly kind: 'limits'; readonly limits: Limits }
  | { readonly kind: 'end' };

export type FromServer =
  | { readonly kind: 'moved' }
  | { readonly kind: 'served' | 'part'; readonly id: number; readonly served: ServedUnit }
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown }
  /** A root is not what it was: the run cannot go on, and says so. */
  | { readonly kind: 'lost'; readonly id: number; readonly message: string };

/** A copy without shared memory, which is told once copied. Whatever else is no plain data does not pass the pipe. */
export function unshared<T>(value: T, copied: (bytes: Uint8Array) => void = () => undefined): T {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    if (!(buffer instanceof SharedArrayBuffer)) return value;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const own = Uint8Array.from(bytes);
    copied(bytes);
    if (value instanceof BigUint64Array) return new BigUint64Array(own.buffer) as T;
    if (value instanceof Uint32Array) return new Uint32Array(own.buffer) as T;
    return Buffer.from(own.buffer) as T;
  }
  if (Array.isArray(value)) return value.map((each: unknown) => unshared(each, copied)) as T;
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unshared(each, copied)])) as T;
  }
  return value;
}
