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

/** An entry that needs nothing, with blanks for its letters. @param action `link`: of a further name of an inode */
export function listedUnchanged(
  entry: Pick<Described, 'source' | 'path' | 'linkedTo'> & { readonly action: 'adjust' | 'link' },
  settings: Pick<Settings, 'preserve' | 'listSources'>,
): ListedChange {
  const listed = listedChange({ ...entry, differences: 0 }, settings);
  return {
    ...listed,
    itemized: listed.itemized.slice(0, 2).padEnd(listed.itemized.length),
    isUnchanged: true,
  };
}
