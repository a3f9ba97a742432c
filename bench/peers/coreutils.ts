/** What every system has: cp, many of it at once, and tar. */
import { availableParallelism } from 'node:os';
import { pipeline, quote } from '../run-command.ts';
import type { Contender } from '../scenario.ts';

/** Directories, or files, that each cp is given. */
const BATCH = 25;

export const CP: Contender = {
  name: 'cp -a',
  programs: ['cp'],
  commands: ({ source, destination }) => [['cp', '-a', `${source}/.`, destination]],
  keepsDirectoryMetadata: true,
};

/**
 * Whole directories of the top level: file by file, each cp would have to make and mend the directories
 * above it. Nobody sees to the time of the root.
 */
export const XARGS_CP: Contender = {
  name: 'find | xargs -P cp',
  programs: ['find', 'xargs', 'cp'],
  commands: ({ source, destination }) => {
    const list = `cd ${quote(source)} && find . -mindepth 1 -maxdepth 1 -print0`;
    const copy = `xargs -0 -n ${BATCH} -P ${availableParallelism()} cp -a -t ${quote(destination)}`;
    return [pipeline(`${list} | ${copy}`)];
  },
  keepsDirectoryMetadata: false,
};

/** The default format drops the fractions of seconds, and whoever syncs next sees other times. */
export const TAR: Contender = {
  name: 'tar | tar',
  programs: ['tar'],
  commands: ({ source, destination }) => [
    pipeline(`tar --format=posix -C ${quote(source)} -cf - . | tar -C ${quote(destination)} -xpf -`),
  ],
  keepsDirectoryMetadata: true,
};
