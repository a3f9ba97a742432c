/** `--safe-links`: reads where a symbolic link of the source leads. */
import type { ByteString } from '../../model/byte-string.ts';
import { readLinkTarget } from '../../filesystem/entry-stat.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { isSymlink, type Entry } from '../../model/entry.ts';
import { isUnsafeLink } from '../../policy/unsafe-link.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { atSide } from '../march/both-sides.ts';

/** May be tried again. @throws SystemError, with its side */
export async function isUnsafe(
  context: WorkerContext,
  directory: OpenDirectory,
  { name, entry }: { readonly name: ByteString; readonly entry: Entry },
): Promise<boolean> {
  if (!context.settings.safeLinks || !isSymlink(entry)) return false;
  const target = await atSide('source', () => readLinkTarget(directory, name));
  return isUnsafeLink(childPath(directory.path, name), target);
}
