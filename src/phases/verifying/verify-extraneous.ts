/** With `--delete`: names that only the destination has, unless a filter rule protects them. */
import type { ByteString } from '../../model/byte-string.ts';
import { ENOENT, SystemError } from '../../linux/system-error.ts';
import { childPath } from '../../filesystem/root.ts';
import {
  extraneousNames,
  isBackupDirectory,
  isProtected,
  unprotectedNames,
  holdsOnlySpared,
  mayHoldProtected,
} from '../../engine/march/extraneous-names.ts';
import type { NamesByKind } from '../../engine/march/sorted-names.ts';
import type { OpenSide } from '../../engine/march/open-side.ts';
import type { Sides } from '../../engine/march/visitor.ts';
import { suspect, type VerifyingScope } from './verifying-scope.ts';

export async function suspectExtraneous(scope: VerifyingScope, sides: Sides): Promise<void> {
  const { context, judgeExtraneous } = scope;
  if (sides.destination === undefined || !judgeExtraneous || sides.keepsExtraneous) return;
  const names = await extraneousNames({ context, freshness: 'server' }, sides);
  await suspectNames(scope, sides.destination, names);
}

/** An extraneous directory may stay for the sake of what is protected in it, and of nothing else. */
export async function verifyExtraneous(scope: VerifyingScope, destination: OpenSide): Promise<void> {
  const { directory, listing, spared, isOutside, isMountPoint } = destination;
  // What is mounted with --one-file-system is not the user's copy, and rightly stays.
  if (isOutside || spared.isWhole || isBackupDirectory(scope.context, destination.entry)) return;
  const isEmpty = listing.directories.length + listing.others.length === 0;
  if (isMountPoint) suspectName(scope, directory.path, 'not in the source; it is a mount point');
  else if (isEmpty && !spared.isKept) suspectName(scope, directory.path);
  const { context } = scope;
  await suspectNames(
    scope,
    destination,
    await unprotectedNames({ context, freshness: 'server' }, { ...destination, isDoomed: true }, listing),
  );
}

/** It was listed as a directory, and is none. */
export async function verifyExtraneousName(scope: VerifyingScope, path: ByteString): Promise<void> {
  const { context } = scope;
  if (!(await isProtected({ context, freshness: 'server' }, path))) suspectName(scope, path);
}

async function suspectNames(
  scope: VerifyingScope,
  { directory, entry }: OpenSide,
  { directories, others }: NamesByKind,
): Promise<void> {
  const { filters } = scope.context;
  const pathOf = (name: ByteString): string => childPath(directory.path, name);
  // By the rules that it found, Preparing protected it.
  const wasProtected = (name: ByteString): boolean =>
    filters.destination.directories !== undefined && scope.left?.has(directory.path, name) === true;
  for (const name of others) if (!wasProtected(name)) suspectName(scope, pathOf(name));
  for (const path of directories.filter((name) => !wasProtected(name)).map(pathOf)) {
    if (!mayHoldProtected(scope.context)) await suspectDirectory(scope, path);
    else scope.found({ path, sides: 'destination', makesWay: false, deviceAbove: entry.device });
  }
}

async function suspectDirectory(scope: VerifyingScope, path: ByteString): Promise<void> {
  try {
    if (!(await holdsOnlySpared(scope.context, path, 'server'))) suspectName(scope, path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.errno !== -ENOENT) suspectName(scope, path);
  }
}

function suspectName(scope: VerifyingScope, path: ByteString, detail = 'not in the source'): void {
  suspect(scope, { class: 'extraneous', path, detail });
}
