/** The list of paths that a task's last run left behind, in the state directory. */
import type { ByteString } from '../../model/byte-string.ts';
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { findStateDirectory, makeStateDirectory, RETRY } from './state-directory.ts';
import { markOf, pathIn, removeIfThere, type TaskIdentity, taskKey, TEMPORARY } from './state-files.ts';

/**
 * Takes the place of the last run's. Gives its path. @param text latin1; undefined: nothing is left to do
 * @throws LocationError, ErrnoException
 */
export async function keepRetryList(
  stateDirectory: ByteString,
  task: TaskIdentity,
  text: string | undefined,
): Promise<ByteString> {
  const directory = await makeStateDirectory(stateDirectory, RETRY);
  try {
    const name = nameOf(task);
    if (text === undefined) removeIfThere(pathIn(directory, name));
    else write(pathIn(directory, name), text);
    return `${stateDirectory}/${RETRY}/${name}`;
  } finally {
    // Only names were made in it.
    closeSync(directory);
  }
}

/** There may be none. @throws LocationError, ErrnoException */
export async function forgetRetryList(stateDirectory: ByteString, task: TaskIdentity): Promise<void> {
  const directory = await findStateDirectory(stateDirectory, RETRY);
  if (directory === undefined) return;
  try {
    removeIfThere(pathIn(directory, nameOf(task)));
  } finally {
    closeSync(directory);
  }
}

function nameOf(task: TaskIdentity): ByteString {
  return `${markOf(taskKey(task))}.list`;
}

/** Whole, or not at all. */
function write(path: ByteString, text: string): void {
  removeIfThere(path + TEMPORARY);
  const fd = openSync(path + TEMPORARY, 'wx', 0o600);
  try {
    writeFileSync(fd, text, 'latin1');
  } finally {
    closeSync(fd);
  }
  renameSync(path + TEMPORARY, path);
}
