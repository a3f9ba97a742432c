/** Calls on libuv's thread pool, a few at a time. */
import { WaitingLine } from '../waiting-line.ts';
import { encodeName, type Argument, type Call } from './call.ts';
import type { ForeignFunction, Library } from './library.ts';

/**
 * Calls in flight in one isolate: as many as koffi keeps contexts for, but for two. PERF: beyond them a
 * call costs ten times as much CPU.
 */
const POOLED_CALLS_PER_ISOLATE = 30;

let mostInFlight = POOLED_CALLS_PER_ISOLATE;
let inFlight = 0;
const line = new WaitingLine<void>();

/** How many pooled calls this isolate may have in flight. */
export function limitPooledCalls(count: number): void {
  mostInFlight = Math.max(1, Math.min(count, POOLED_CALLS_PER_ISOLATE));
}

/** PERF: 9 µs of CPU a call; by way of p-limit, which makes several promises of each, it was 12. */
export function pooledCall(call: ForeignFunction, library: Library): Call {
  return async (...given) => {
    const args = given.map((argument) => (typeof argument === 'string' ? encodeName(argument) : argument));
    // Who waited is served by a call that has ended, whose place it takes.
    if (inFlight < mostInFlight) inFlight++;
    else await line.wait();
    try {
      return await callOnPool(call, args, library);
    } finally {
      if (!line.serve()) inFlight--;
    }
  };
}

function callOnPool(call: ForeignFunction, args: readonly Argument[], { errno }: Library): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: number) => {
      const failure = errno();
      // Names `args` so that its buffers live until the call has ended.
      if (error !== null) reject(new Error(`koffi failed with ${args.length} arguments`, { cause: error }));
      else resolve(result < 0 ? -failure : result);
    });
  });
}
