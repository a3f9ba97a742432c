/** Where a symbolic link points. */
import { check } from './linux/system-error.ts';
import { childPath, type OpenDirectory } from './root.ts';

/** Linux holds at most 4,095 bytes. */
const LARGEST_TARGET_BYTES = 4096;

/** The exact bytes, latin1. @throws SystemError */
export async function readLinkTarget(directory: OpenDirectory, name: string): Promise<string> {
  const buffer = Buffer.allocUnsafe(LARGEST_TARGET_BYTES);
  const length = await directory.linux.readlinkat(directory.fd, name, buffer, buffer.length);
  check(length, 'readlinkat', childPath(directory.path, name));
  return buffer.toString('latin1', 0, length);
}
