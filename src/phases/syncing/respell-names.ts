/** Gives names of the destination the spelling they have in the source: one rename each, two more where it does nothing. */
import { listDirectory } from '../../filesystem/list-directory.ts';
import { check } from '../../filesystem/linux/system-error.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import { differsInFormOnly } from '../../policy/folded-name.ts';
import { RENAMING } from '../../policy/itemize.ts';
import type { Respelling, RespellingRecord } from '../plan/respelling-record.ts';
import { retryInDirectory, withRetriedDirectory } from '../walking/fresh-lookup.ts';
import { findSameFile, isThere } from '../walking/spellings.ts';
import { addProblem, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';
import { newTemporaryName } from './new-name.ts';

export async function respellNames(unit: ApplyingUnit, record: RespellingRecord): Promise<void> {
  const path = record.directoryPath;
  try {
    await withRetriedDirectory(unit.context, 'destination', path, async (directory) => {
      if (mayMakeWritable(unit)) await makeWritable(directory);
      await respellIn(unit, directory, record.respelled);
    });
  } catch (error) {
    await addProblem(unit, error, { side: 'destination', path, attempt: 'open' });
  }
}

/**
 * vfat and ext4 do nothing where only the case differs: such names go by a temporary one. A file system that stores a
 * Unicode form of its own, or drops dots, would do nothing each time: the first such name shows whether it does.
 */
async function respellIn(
  unit: ApplyingUnit,
  directory: OpenDirectory,
  respelled: readonly Respelling[],
): Promise<void> {
  const inForm = respelled.filter(({ listed, name }) => differsInFormOnly(listed, name));
  const inCase = respelled.filter(({ listed, name }) => !differsInFormOnly(listed, name));
  const [first, ...further] = inForm;
  const tried = first === undefined ? inCase : [first, ...inCase];
  for (const each of tried) await renameTo(unit, directory, each);
  const left = await listedStill(unit, directory.path, tried);
  for (const each of tried) {
    if (!left.has(each)) noteDone(unit, directory, each);
    else if (each !== first) await renameTwice(unit, directory, each);
  }
  if (first === undefined || left.has(first)) return;
  for (const each of further) if (await renameTo(unit, directory, each)) noteDone(unit, directory, each);
}

async function listedStill(
  { context }: ApplyingUnit,
  path: string,
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

/** False: it was not to be, or failed, with a Problem. */
async function renameTo(
  unit: ApplyingUnit,
  directory: OpenDirectory,
  respelling: Respelling,
): Promise<boolean> {
  const { listed, name } = respelling;
  return trying(unit, directory, listed, async (within) => {
    if (!(await leadToOne(within, respelling))) return false;
    await rename(within, listed, name);
    return true;
  });
}

async function renameTwice(
  unit: ApplyingUnit,
  directory: OpenDirectory,
  respelling: Respelling,
): Promise<void> {
  const { listed, name } = respelling;
  const isRenamed = await trying(unit, directory, listed, async (within) => {
    if (!(await leadToOne(within, respelling))) return false;
    const temporary = newTemporaryName();
    await rename(within, listed, temporary);
    try {
      await rename(within, temporary, name);
    } catch (error) {
      await rename(within, temporary, listed);
      throw error;
    }
    return true;
  });
  if (isRenamed) noteDone(unit, directory, respelling);
}

async function trying(
  unit: ApplyingUnit,
  directory: OpenDirectory,
  listed: string,
  attempt: (within: OpenDirectory) => Promise<boolean>,
): Promise<boolean> {
  if (unit.context.stop.isRaised) return false;
  try {
    return await retryInDirectory(unit.context, 'destination', directory, attempt);
  } catch (error) {
    await addProblem(unit, error, {
      side: 'destination',
      path: childPath(directory.path, listed),
      attempt: 'rename',
    });
    return false;
  }
}

/** @throws SystemError */
async function rename({ linux, fd, path }: OpenDirectory, from: string, to: string): Promise<void> {
  check(await linux.renameat(fd, from, fd, to), 'renameat', childPath(path, from));
}

/** What somebody has made meanwhile under the other spelling is not to be replaced. @throws SystemError */
async function leadToOne(directory: OpenDirectory, { listed, name }: Respelling): Promise<boolean> {
  const stat = new StatBuffer();
  return (
    (await isThere(directory, name, stat)) && (await findSameFile(directory, stat, [listed])) !== undefined
  );
}

function noteDone(unit: ApplyingUnit, { path }: OpenDirectory, { name }: Respelling): void {
  unit.context.counters.add('entriesAdjusted', 1);
  if (!unit.context.settings.listChanges) return;
  unit.findings.listed.push({ itemized: RENAMING, path: childPath(path, name), sizeBytes: 0 });
}
