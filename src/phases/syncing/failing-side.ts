/** Which side a failed call was about: a source that cannot be read and a full destination differ. */
import { SystemError } from '../../filesystem/linux/system-error.ts';
import type { Side } from '../../model/task.ts';

const failedAtSource = new WeakSet<SystemError>();
/** While a change is applied, only the source is read. */
const READING_CALLS = new Set(['pread', 'lseek', 'readlinkat', 'llistxattr', 'lgetxattr']);

/** Runs calls of which every failure is the source's. */
export async function atSource<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SystemError) failedAtSource.add(error);
    throw error;
  }
}

export function failingSide(error: unknown): Side {
  if (!(error instanceof SystemError)) return 'destination';
  return failedAtSource.has(error) || READING_CALLS.has(error.syscall) ? 'source' : 'destination';
}
