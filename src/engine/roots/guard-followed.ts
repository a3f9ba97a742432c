/** `--copy-links` and its kind: where a followed link must not lead: to a directory that the walk is in, or into the destination. */
import type { ByteString } from '../../model/byte-string.ts';
import { AT_FDCWD, AT_EMPTY_PATH, PATH_MAX, STATX_BASIC_STATS } from '../../linux/constants.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, ELOOP, SystemError } from '../../linux/system-error.ts';
import { isBelow, joinNames } from '../../filesystem/real-paths.ts';
import { parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { displayName } from '../../model/display-name.ts';
import { sameIdentity, type Identity } from '../../model/entry.ts';
import { LocationError } from '../../model/run/errors.ts';
import { followingOption } from '../context/followed-links.ts';
import type { WorkerContext } from '../context/worker-context.ts';

/** Of a directory of the source, before it is listed. @throws SystemError; LocationError: it is in the destination */
export async function guardFollowed(
  context: WorkerContext,
  directory: OpenDirectory,
  identity: Identity,
): Promise<void> {
  if (directory.path === '') return;
  await guardOutsideDestination(context, directory);
  await guardNoLoop(context, directory, identity);
}

/** What is written there would be read here. */
async function guardOutsideDestination(
  { setup, settings }: WorkerContext,
  directory: OpenDirectory,
): Promise<void> {
  const { source, destination } = setup;
  const buffer = Buffer.alloc(PATH_MAX);
  const handle = `/proc/self/fd/${directory.fd}`;
  const length = await directory.linux.readlinkat(AT_FDCWD, handle, buffer, buffer.length);
  check(length, 'readlinkat', directory.path);
  const realPath = buffer.toString('latin1', 0, length);
  if (!isBelow(realPath, destination.realPath)) return;
  const at = displayName(joinNames(source.realPath, directory.path));
  throw new LocationError(
    `cannot sync ${displayName(source.path)} to ${displayName(destination.path)}: ` +
      `${followingOption(settings)} follows ${at} ` +
      'into the destination; exclude it',
    { path: source.path },
  );
}

/** PERF: a call for each directory above, which a local file system and an NFS client answer from their caches. */
async function guardNoLoop(
  { source }: WorkerContext,
  { path, linux }: OpenDirectory,
  identity: Identity,
): Promise<void> {
  const stat = new StatBuffer();
  for (let above = path; above !== '';) {
    above = parentPath(above);
    const flags = above === '' ? AT_EMPTY_PATH : 0;
    const result = await linux.local.statx(source.fd, above, flags, STATX_BASIC_STATS, stat.bytes);
    check(result, 'statx', above);
    if (sameIdentity(stat, identity)) throw new SystemError(-ELOOP, 'statx', path, loopTo(above));
  }
}

function loopTo(above: ByteString): string {
  const to = above === '' ? 'the source itself' : displayName(above);
  return `it leads back to ${to}, in which it lies, and is not entered`;
}
