/** Calls on libuv's thread pool, a few at a time. */
import { Gate } from '../gate.ts';
import { callsInFlight } from './calls-in-flight.ts';
import { encodeName, type Argument, type Call } from './call.ts';
import type { ForeignFunction, Library } from './library.ts';

/** As many as koffi keeps contexts for, but for two. PERF: beyond them a call costs ten times as much CPU. */
const POOLED_CALLS_PER_ISOLATE = 30;

const onPool = new Gate(POOLED_CALLS_PER_ISOLATE);

/** PERF: 9 µs of CPU a call; by way of p-limit, which makes several promises of each, it was 12. */
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
      // Names `args` so that its buffers live until the call has ended.
      if (error !== null) reject(new Error(`koffi failed with ${args.length} arguments`, { cause: error }));
      else resolve(result < 0 ? -failure : Number(result));
    });
  });
}
