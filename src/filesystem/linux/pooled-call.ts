/** Calls on libuv's thread pool, a few at a time. */
import pLimit from 'p-limit';
import { encodeName, type Call } from './call.ts';
import type { ForeignFunction, Library } from './library.ts';

/**
 * Calls in flight in one isolate: as many as koffi keeps contexts for, but for two. PERF: beyond them a
 * call costs ten times as much CPU.
 */
const POOLED_CALLS_PER_ISOLATE = 30;

const limitPooled = pLimit(POOLED_CALLS_PER_ISOLATE);

/** How many pooled calls this isolate may have in flight. */
export function limitPooledCalls(count: number): void {
  limitPooled.concurrency = Math.max(1, Math.min(count, POOLED_CALLS_PER_ISOLATE));
}

export function pooledCall(call: ForeignFunction, { errno }: Library): Call {
  return (...given) => {
    const args = given.map((argument) => (typeof argument === 'string' ? encodeName(argument) : argument));
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
