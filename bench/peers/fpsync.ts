/** fpsync of the package fpart: many rsyncs, each with a list of files. */
import { availableParallelism } from 'node:os';
import type { Contender } from '../scenario.ts';

const NETWORK_JOBS = 32;

/**
 * A job for each rsync at a time: more than these wait for its poll, five times a second. The options are
 * its own for rsync without -v. Times of directories are lost where another job writes into them later.
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
