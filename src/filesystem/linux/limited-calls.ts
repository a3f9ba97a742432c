/** The same calls, each of them after its turn: for a limit of operations a second. */
import type { Call } from './call.ts';
import { CALL_TABLE, type Awaitable, type CallName, type Calls, type Linux } from './call-table.ts';

export interface CallLimit {
  /** Waits until so many may be made. */
  pass(count: number): Awaitable<void>;
  passAtOnce(count: number): void;
}

export function limitCalls(linux: Linux, limit: CallLimit): Linux {
  const limitAll = (names: string[], calls: Partial<Calls>) =>
    Object.fromEntries(names.map((name) => [name, limitCall(name, calls[name as CallName] as Call, limit)]));
  const limited = limitAll(Object.keys(CALL_TABLE), linux) as Calls;
  const local = limitAll(Object.keys(linux.local), linux.local) as Linux['local'];
  return { ...limited, style: linux.style, local };
}

function limitCall(name: string, call: Call, limit: CallLimit): Call {
  // Asks for no file.
  if (name === 'geteuid') return call;
  // A descriptor must be given back, and an error of what was written be seen, whatever the limit.
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
