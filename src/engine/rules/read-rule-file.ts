/** Reads a file of filter rules in one of the trees; of a link nobody knows whose file it leads to. */
import type { ByteString } from '../../model/byte-string.ts';
import { readBlock } from '../../filesystem/block-io.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { EFBIG, EINVAL, ELOOP, ENOENT, ENXIO, SystemError } from '../../linux/system-error.ts';
import { isFile } from '../../model/entry.ts';

const LARGEST_BYTES = 16 * 1024 * 1024;
const A_LINK = 'The file of filter rules is a symbolic link, which is not followed';
const TOO_LARGE = 'The file of filter rules is larger than 16 MiB';

/** Latin1; undefined if there is no such file. @throws SystemError */
export async function readRuleFile(directory: OpenDirectory, name: ByteString): Promise<string | undefined> {
  const file = await openedFile(directory, name);
  if (file === undefined) return undefined;
  try {
    const entry = await readOpenEntry(file);
    // As rsync has it: a directory of that name holds no rules.
    if (!isFile(entry)) return undefined;
    if (entry.sizeBytes > LARGEST_BYTES) throw new SystemError(-EFBIG, 'read', file.path, TOO_LARGE);
    const bytes = Buffer.alloc(entry.sizeBytes);
    const count = await readBlock(file, bytes, 0, bytes.length);
    return bytes.toString('latin1', 0, count);
  } finally {
    await closeRead(file);
  }
}

async function openedFile(
  directory: OpenDirectory,
  name: ByteString,
): Promise<Awaited<ReturnType<typeof openForReading>> | undefined> {
  try {
    return await openForReading(directory, name, true);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    // A socket cannot be opened.
    if (error.errno === -ENOENT || error.errno === -ENXIO) return undefined;
    // Of ELOOP others would conclude that the directory is a link.
    if (error.errno === -ELOOP) throw new SystemError(-EINVAL, error.syscall, error.path, A_LINK);
    throw error;
  }
}
