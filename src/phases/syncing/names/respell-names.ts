/**
 * Gives destination names their spelling from the source: one rename each, and two more if that had no
 * effect.
 */
import type { ByteString } from '../../../model/byte-string.ts';
import { renameWithin } from '../../../filesystem/destination/names.ts';
import { listDirectory } from '../../../filesystem/list-directory.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import { childPath, type OpenDirectory } from '../../../filesystem/root.ts';
import { differsInFormOnly } from '../../../policy/names/folded-name.ts';
import { RENAMING } from '../../../policy/compare/itemize.ts';
import type { Respelling, RespellingRecord } from '../../../engine/plan/records.ts';
import { retryInDirectory, withRetriedDirectory } from '../../../engine/march/fresh-lookup.ts';
import { findSameFile } from '../../../engine/march/alike-names.ts';
import { isThere } from '../../../filesystem/entry-stat.ts';
import { addProblem, openUp, type ApplyingScope } from '../scope/applying-scope.ts';
import { newTemporaryName } from './temporaries.ts';

export async function respellNames(scope: ApplyingScope, record: RespellingRecord): Promise<void> {
  const path = record.directoryPath;
  try {
    await withRetriedDirectory(scope.context, 'destination', path, async (directory) => {
      await openUp(scope, directory);
      await respellIn(scope, directory, record.respelled);
    });
  } catch (error) {
    await addProblem(scope, error, { side: 'destination', path, attempt: 'open' });
  }
}

/**
 * vfat and ext4 ignore a rename that changes only the case: such names get a temporary name in between. A
 * file system with its own Unicode form, or without trailing dots, would ignore every rename: the first such
 * name shows that.
 */
async function respellIn(
  scope: ApplyingScope,
  directory: OpenDirectory,
  respelled: readonly Respelling[],
): Promise<void> {
  const inForm = respelled.filter(({ listed, name }) => differsInFormOnly(listed, name));
  const inCase = respelled.filter(({ listed, name }) => !differsInFormOnly(listed, name));
  const [first, ...further] = inForm;
  const tried = first === undefined ? inCase : [first, ...inCase];
  for (const each of tried) await renameTo(scope, directory, each);
  const left = await listedStill(scope, directory.path, tried);
  for (const each of tried) {
    if (!left.has(each)) noteDone(scope, directory, each);
    else if (each !== first) await renameTwice(scope, directory, each);
  }
  if (first === undefined || left.has(first)) return;
  for (const each of further) if (await renameTo(scope, directory, each)) noteDone(scope, directory, each);
}

async function listedStill(
  { context }: ApplyingScope,
  path: ByteString,
  respelled: readonly Respelling[],
): Promise<ReadonlySet<Respelling>> {
  const { directories, others, incomplete } = await withRetriedDirectory(
    context,
    'destination',
    path,
    listDirectory,
  );
  if (incomplete !== undefined) throw incomplete;
  const names = new Set([...directories, ...others]);
  return new Set(respelled.filter(({ listed }) => names.has(listed)));
}

/** False: it was not needed, or failed with a Problem. */
async function renameTo(
  scope: ApplyingScope,
  directory: OpenDirectory,
  respelling: Respelling,
): Promise<boolean> {
  const { listed, name } = respelling;
  return trying(scope, directory, listed, async (within) => {
    if (!(await leadToOne(within, respelling))) return false;
    await renameWithin({ directory: within, name: listed }, name);
    return true;
  });
}

async function renameTwice(
  scope: ApplyingScope,
  directory: OpenDirectory,
  respelling: Respelling,
): Promise<void> {
  const { listed, name } = respelling;
  const isRenamed = await trying(scope, directory, listed, async (within) => {
    if (!(await leadToOne(within, respelling))) return false;
    const temporary = { directory: within, name: newTemporaryName() };
    await renameWithin({ directory: within, name: listed }, temporary.name);
    try {
      await renameWithin(temporary, name);
    } catch (error) {
      await renameWithin(temporary, listed);
      throw error;
    }
    return true;
  });
  if (isRenamed) noteDone(scope, directory, respelling);
}

async function trying(
  scope: ApplyingScope,
  directory: OpenDirectory,
  listed: string,
  attempt: (within: OpenDirectory) => Promise<boolean>,
): Promise<boolean> {
  if (scope.context.stop.isRaised) return false;
  try {
    return await retryInDirectory(scope.context, 'destination', directory, attempt);
  } catch (error) {
    await addProblem(scope, error, {
      side: 'destination',
      path: childPath(directory.path, listed),
      attempt: 'rename',
    });
    return false;
  }
}

/**
 * Checks that both spellings lead to one entry, so as not to replace one that somebody has made since.
 * @throws SystemError
 */
async function leadToOne(directory: OpenDirectory, { listed, name }: Respelling): Promise<boolean> {
  const stat = new StatBuffer();
  return (
    (await isThere(directory, name, stat)) && (await findSameFile(directory, stat, [listed])) !== undefined
  );
}

function noteDone(scope: ApplyingScope, { path }: OpenDirectory, { name }: Respelling): void {
  scope.context.counters.add('entriesAdjusted', 1);
  if (!scope.context.settings.listChanges) return;
  scope.findings.listed.push({ itemized: RENAMING, path: childPath(path, name), sizeBytes: 0 });
}
