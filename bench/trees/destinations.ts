/** The states in which a run finds the destination. */
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { copyInParallel, removeInParallel } from '../parallel.ts';
import type { Places } from '../scenario.ts';

/** A time that no file in a source has. */
const OLD = new Date('2020-01-01T00:00:00Z');

export function makeEmpty({ destination }: Places): void {
  if (existsSync(destination)) removeInParallel(destination);
  mkdirSync(destination);
}

/** Copied once, because runs with nothing to do leave it unchanged. */
export function makeSynced({ source, destination }: Places): void {
  if (!existsSync(destination)) copyInParallel(source, destination);
}

/**
 * The state of the source before one entry in each of its directories of 100 changed. Half of these were
 * rewritten, a quarter are new, and a quarter were removed.
 */
export function makeOutdated(places: Places): void {
  makeSynced(places);
  for (const [index, name] of readdirSync(places.source).toSorted().entries()) {
    const directory = `${places.destination}/${name}`;
    if (index % 4 === 2) rmSync(`${directory}/file-0`, { force: true });
    else if (index % 4 === 3) writeFileSync(`${directory}/removed`, 'removed at the source');
    else rewrite(`${directory}/file-0`);
  }
}

function rewrite(path: string): void {
  writeFileSync(path, 'as it was before');
  utimesSync(path, OLD, OLD);
}
