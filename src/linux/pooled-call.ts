/** Makes calls on libuv's thread pool, with a limit on how many at once. */
import { Gate } from '../flow/gate.ts';
import { callsInFlight } from './call-limits.ts';
import { type Argument, type Call, encodeName } from './call-table.ts';
import type { ForeignFunction, Library } from './library.ts';
import { POOLED_CALLS_PER_ISOLATE } from '../model/concurrency.ts';

const onPool = new Gate(POOLED_CALLS_PER_ISOLATE);

/** PERF: 9 µs of CPU a call. p-limit makes several promises per call and took 12. */
export function pooledCall(call: ForeignFunction, library: Library): Call {
  return async (...given) => {
    const args = given.map((argument) => (typeof argument === 'string' ? encodeName(argument) : argument));
    if (!onPool.enter()) await onPool.wait();
    if (!callsInFlight.enter()) await callsInFlight.wait();
    try {
      return await callOnPool(call, args, library);
    } finally {
      callsInFlight.leave();
      onPool.leave();
    }
  };
}

function callOnPool(call: ForeignFunction, args: readonly Argument[], { errno }: Library): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: number | bigint) => {
      const failure = errno();
      // Using `args` here keeps its buffers alive until the call has ended.
      if (error !== null) reject(new Error(`koffi failed with ${args.length} arguments`, { cause: error }));
      else resolve(result < 0 ? -failure : Number(result));
    });
  });
}
