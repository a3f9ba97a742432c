/** The few calls that go through Node's fs: the spools' reads and writes, and /proc. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { errnoOf } from './faulty-library.ts';
import { currentFaults, type Fault } from './faults.ts';

/** The names that these calls have in faults and recordings. */
export const NODE_CALLS = ['node:write', 'node:read', 'node:readFile'];

type AnyFunction = (...args: never[]) => unknown;
type Functions = Record<string, AnyFunction>;

export function injectIntoNode(): void {
  for (const name of ['writeSync', 'readSync', 'readFileSync']) {
    wrap(fs as unknown as Functions, name, (fault, real, args) => {
      if (fault.kind === 'short') return real(...shortened(args));
      throw failure(fault);
    });
  }
  syncBuiltinESMExports();
}

function wrap(
  module: Functions,
  name: string,
  fail: (fault: Fault, real: (...args: unknown[]) => unknown, args: unknown[]) => unknown,
): void {
  const real = module[name] as (...args: unknown[]) => unknown;
  module[name] = (...args: unknown[]) => {
    const fault = currentFaults()?.next(`node:${name.replace('Sync', '')}`, args);
    return fault === undefined ? real(...args) : fail(fault, real, args);
  };
}

/** The length is the fourth of (fd, buffer, offset, length, position). */
function shortened(args: unknown[]): unknown[] {
  return args.map((arg, index) => (index === 3 ? Math.max(1, Math.floor((arg as number) / 3)) : arg));
}

/** An error in the form of Node's own. */
function failure({ call, kind }: Fault): Error {
  const syscall = call.slice('node:'.length);
  return Object.assign(new Error(`${kind}: injected, ${syscall}`), {
    code: kind,
    errno: -errnoOf(kind),
    syscall,
  });
}
