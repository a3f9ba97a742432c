/** Calls that use another name for one name, as a file is copied under a new one. */
import type { ByteString } from '../model/byte-string.ts';
import {
  type Call,
  CALL_TABLE,
  type CallName,
  type Calls,
  type Linux,
  type Parameter,
} from './call-table.ts';

export interface Renaming {
  readonly name: ByteString;
  /** What it is called there. */
  readonly as: ByteString;
}

/** For a root of whose names a run uses that one alone, besides temporary ones. */
export function renameCalls(linux: Linux, renaming: Renaming): Linux {
  const rename = (calls: Partial<Calls>): Partial<Calls> =>
    Object.fromEntries(
      Object.entries(calls)
        .filter(([name]) => name in CALL_TABLE)
        .map(([name, call]) => [name, renameIn(name as CallName, call as Call, renaming)]),
    );
  const local = { ...linux.local, ...rename(linux.local) };
  return { ...linux, ...rename(linux), local };
}

/** An argument after a descriptor names an entry of a directory; others are paths, attributes and link targets. */
function renameIn(called: CallName, call: Call, { name, as }: Renaming): Call {
  const parameters: readonly Parameter[] = CALL_TABLE[called].parameters;
  const isOfEntry = parameters.map((type, at) => type === 'name' && parameters[at - 1] === 'int');
  if (!isOfEntry.includes(true)) return call;
  return (...args) => {
    const renamed = args.map((argument, at) => (isOfEntry[at] === true && argument === name ? as : argument));
    return call(...(renamed as typeof args));
  };
}
