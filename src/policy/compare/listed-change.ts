/** A change as lists show it. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Change, ListedChange } from '../../model/change.ts';
import type { Settings } from '../../model/settings.ts';
import { itemize } from './itemize.ts';

type Described = Pick<Change, 'action' | 'differences' | 'source'> & {
  readonly path: ByteString;
  readonly linkedTo?: ByteString | undefined;
};

export function listedChange(
  { action, differences, source, path, linkedTo }: Described,
  { preserve, listSources }: Pick<Settings, 'preserve' | 'listSources'>,
): ListedChange {
  const { mode, uid, gid, sizeBytes, mtimeSec } = source;
  return {
    itemized: itemize(action, source, differences, preserve),
    path,
    sizeBytes,
    ...(linkedTo === undefined ? {} : { linkedTo }),
    ...(listSources && { source: { mode, uid, gid, sizeBytes, mtimeSec } }),
  };
}
