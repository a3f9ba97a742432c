/** fpsync of the package fpart: many rsyncs, each with a list of files. */
import { availableParallelism } from 'node:os';
import type { Contender } from '../scenario.ts';

const NETWORK_JOBS = 32;

/**
 * One job per rsync at a time, because further jobs wait for a poll, five times a second. The options are
 * fpsync's own without -v. A directory loses its time if another job writes to it later.
 */
export const FPSYNC: Contender = {
  name: 'fpsync',
  programs: ['fpsync'],
  commands: ({ source, destination, scratch, files, network }) => {
    const jobs = network ? NETWORK_JOBS : availableParallelism();
    const filesEach = Math.max(1, Math.ceil(files / jobs));
    const options = ['-n', `${jobs}`, '-f', `${filesEach}`, '-t', scratch, '-o', '-lptgoD --numeric-ids'];
    return [['fpsync', ...options, `${source}/`, destination]];
  },
  keepsDirectoryMetadata: false,
};
