/** The limits on calls: how many of an isolate are in flight, and how many a run makes per second. */
import {
  type Awaitable,
  type Call,
  CALL_TABLE,
  type CallName,
  type Calls,
  type Linux,
} from './call-table.ts';
import { Gate } from '../flow/gate.ts';
import { CALLS_PER_ISOLATE } from '../model/concurrency.ts';

/**
 * Counts this isolate's overlapping calls in flight, through the ring and the pool: in a worker the number that
 * `--concurrency` reports.
 */
export const callsInFlight = new Gate(CALLS_PER_ISOLATE);

/** For an isolate that serves one run. */
export function limitCallsInFlight(count: number): void {
  callsInFlight.limit(Math.max(1, Math.min(count, CALLS_PER_ISOLATE)));
}

/** For one of several runs of an isolate: the calls of one never wait for those of another, which may hang. */
export function limitedInFlight(calls: Calls, count: number): Calls {
  const gate = new Gate(Math.max(1, count));
  const through = (call: Call): Call => {
    return async (...args) => {
      if (!gate.enter()) await gate.wait();
      try {
        return await call(...args);
      } finally {
        gate.leave();
      }
    };
  };
  const names = Object.keys(CALL_TABLE) as CallName[];
  return Object.fromEntries(names.map((name) => [name, through(calls[name] as Call)])) as Calls;
}

export interface CallLimit {
  /** Waits until `count` calls may be made. */
  pass(count: number): Awaitable<void>;
  passAtOnce(count: number): void;
}

/** Each call waits its turn under a limit of operations per second. */
export function limitCalls(linux: Linux, limit: CallLimit): Linux {
  const limitAll = (names: string[], calls: Partial<Calls>) =>
    Object.fromEntries(names.map((name) => [name, limitCall(name, calls[name as CallName] as Call, limit)]));
  const limited = limitAll(Object.keys(CALL_TABLE), linux) as Calls;
  const local = limitAll(Object.keys(linux.local), linux.local) as Linux['local'];
  return { ...limited, style: linux.style, local };
}

function limitCall(name: string, call: Call, limit: CallLimit): Call {
  // geteuid sends nothing to a file system.
  if (name === 'geteuid') return call;
  // A close never waits: the descriptor must be freed, and close may report a write error.
  if (name === 'close') {
    return (fd) => {
      limit.passAtOnce(1);
      return call(fd);
    };
  }
  return async (...args) => {
    await limit.pass(1);
    return call(...args);
  };
}
