/** What every system has: cp, many of it at once, and tar. */
import { availableParallelism } from 'node:os';
import { pipeline, quote } from '../run-command.ts';
import type { Contender } from '../scenario.ts';

/** The number of directories or files for each cp. */
const BATCH = 25;

export const CP: Contender = {
  name: 'cp -a',
  programs: ['cp'],
  commands: ({ source, destination }) => [['cp', '-a', `${source}/.`, destination]],
  keepsDirectoryMetadata: true,
};

/**
 * Copies whole top-level directories. With single files, each cp would have to create the parent directories
 * and repair their metadata. The root's time is not kept.
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

/** The default format drops fractions of seconds, so the next sync would find other times. */
export const TAR: Contender = {
  name: 'tar | tar',
  programs: ['tar'],
  commands: ({ source, destination }) => [
    pipeline(`tar --format=posix -C ${quote(source)} -cf - . | tar -C ${quote(destination)} -xpf -`),
  ],
  keepsDirectoryMetadata: true,
};
