/** Sets the metadata of a destination name of any kind that is not open. */
import type { ByteString } from '../../../model/byte-string.ts';
import { readOpenEntry } from '../../../filesystem/entry-stat.ts';
import { withPathHandle, type PathHandle } from '../../../filesystem/metadata/set-mode.ts';
import { Difference, type Differences } from '../../../model/change.ts';
import { isFile, type Entry } from '../../../model/entry.ts';
import type { Side } from '../../../model/task.ts';
import { compareEntries, wouldTrust } from '../../../policy/compare/compare.ts';
import { problemOf } from '../../../engine/messages/findings.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { pathOf, type ChangePlace } from '../names/change-place.ts';
import { finishMetadata, keepsAttributes } from './finish-metadata.ts';

/**
 * False, with a Problem: another entry has the name by now, on either side.
 * @param name the change's own, or its temporary name @throws SystemError
 */
export async function finishNamed(
  scope: ApplyingScope,
  place: ChangePlace,
  name: ByteString,
): Promise<boolean> {
  return withPathHandle(place.destination, name, async (handle) => {
    const actual = await readOpenEntry(handle);
    if (isReplaced(scope, place, actual)) return addReplaced(scope, place, 'destination');
    return withAttributeSource(scope, place, async (attributeSource) => {
      await finishMetadata(scope, {
        target: { isPathHandle: true, ...handle, path: pathOf(place) },
        source: place.change.source,
        actual,
        attributeSource,
        isOurs: place.change.action === 'write' || !isFile(actual),
      });
      return true;
    });
  });
}

/**
 * Anybody who may write in the directory may replace the inode, and the replacement must not get this
 * metadata.
 */
function isReplaced({ context }: ApplyingScope, { change }: ChangePlace, actual: Entry): boolean {
  const { action, source } = change;
  const differences = compareEntries(source, actual, context.rule);
  if ((differences & unexpectedOf(change)) !== 0) return true;
  return action === 'adjust' && wouldTrust(source, differences, context.settings);
}

function unexpectedOf({ action, differences }: ChangePlace['change']): Differences {
  const { kind, content, size, mtime } = Difference;
  return action === 'adjust' ? (kind | content | size | mtime) & ~differences : kind | content;
}

/** Opens the source only for its extended attributes. */
async function withAttributeSource(
  scope: ApplyingScope,
  place: ChangePlace,
  use: (source: PathHandle | undefined) => Promise<boolean>,
): Promise<boolean> {
  const { source, change, at } = place;
  if (!keepsAttributes(scope)) return use(undefined);
  at.side = 'source';
  return withPathHandle(source, change.name, async (handle) => {
    const { inode } = await readOpenEntry(handle);
    at.side = 'destination';
    return inode === change.source.inode ? use(handle) : addReplaced(scope, place, 'source');
  });
}

function addReplaced(scope: ApplyingScope, place: ChangePlace, side: Side): false {
  const at = { phase: 'syncing', side, path: pathOf(place), attempt: 'set metadata' } as const;
  const problemClass = side === 'source' ? 'changed' : 'failed';
  scope.findings.problems.push(
    problemOf(problemClass, at, 'something else has taken its name in the meantime'),
  );
  return false;
}
