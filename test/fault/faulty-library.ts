/** libc as the tool sees it, of which chosen calls fail: the one seam that all its system calls go through. */
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { CALL_TABLE, numberFor } from '../../src/linux/call-table.ts';
import type { Library } from '../../src/linux/library.ts';
import { currentFaults, type Fault } from './faults.ts';

const NAMES_BY_NUMBER = new Map(
  Object.entries(CALL_TABLE).map(([name, shape]) => [numberFor(shape), name] as const),
);
/** The index of the argument that holds the length. */
const LENGTHS: Readonly<Record<string, number>> = { pread: 2, pwrite: 2, copy_file_range: 4, getdents64: 2 };
/** The size of a record with the longest name. */
const SMALLEST_LISTING_BYTES = 280;

type Callback = (error: Error | null, result: number) => void;
type Arguments = readonly unknown[];

export function errnoOf(code: string): number {
  const errno = (constants.errno as Readonly<Record<string, number>>)[code];
  if (errno === undefined) throw new Error(`no errno is called ${code}`);
  return errno;
}

export function faultyLibrary(library: Library): Library {
  /** The errno of the last call if it was injected. */
  let injected: number | undefined;
  const answer = (fault: Fault): number => {
    if (fault.kind === 'nothing') return 0;
    injected = errnoOf(fault.kind);
    return -1;
  };

  const declare: Library['declare'] = (declared, result, parameters) => {
    const real = library.declare(declared, result, parameters);
    const isByNumber = declared === 'syscall';
    const faultOf = (given: Arguments): Fault | undefined => {
      const call = isByNumber ? NAMES_BY_NUMBER.get(given[0] as number) : declared;
      return call === undefined
        ? undefined
        : currentFaults()?.next(call, isByNumber ? given.slice(1) : given);
    };
    const call = (...given: unknown[]): unknown => {
      injected = undefined;
      const fault = faultOf(given);
      if (fault === undefined) return real(...given);
      if (fault.kind === 'short') return real(...shortened(fault, given, isByNumber));
      if (isDone(fault)) giveBack(fault, real(...given) as number);
      return answer(fault);
    };
    const later = (...all: unknown[]): void => {
      const [given, callback] = [all.slice(0, -1), all.at(-1) as Callback];
      const honest: Callback = (error, value) => {
        injected = undefined;
        callback(error, value);
      };
      const fault = faultOf(given);
      if (fault === undefined) return real.async(...given, honest);
      if (fault.kind === 'short') return real.async(...shortened(fault, given, isByNumber), honest);
      const fail = () => {
        callback(null, answer(fault));
        injected = undefined;
      };
      const failDone: Callback = (_, value) => {
        giveBack(fault, value);
        fail();
      };
      if (isDone(fault)) real.async(...given, failDone);
      else setImmediate(fail);
    };
    return Object.assign(call, { async: later });
  };
  return { ...library, declare, errno: () => injected ?? library.errno() };
}

/** Closes a descriptor that the caller never learns about. */
function giveBack({ call }: Fault, result: number): void {
  if (call === 'openat' && result >= 0) closeSync(result);
}

/** close(2) closes the descriptor even if it fails. */
function isDone({ call, timing }: Fault): boolean {
  return timing === 'after' || call === 'close';
}

function shortened({ call }: Fault, given: Arguments, isByNumber: boolean): unknown[] {
  const index = (LENGTHS[call] as number) + (isByNumber ? 1 : 0);
  const length = Number(given[index]);
  const less = call === 'getdents64' ? SMALLEST_LISTING_BYTES : Math.max(1, Math.floor(length / 3));
  return given.map((argument, at) => (at === index ? Math.min(length, less) : argument));
}
