/** A destination to lock, in a directory for the locks. */
import { closeSync, mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { resolveLocation } from '../../src/filesystem/roots/open-location.ts';
import type { LockWait } from '../../src/filesystem/state/destination-lock.ts';
import type { Location } from '../../src/model/run/location.ts';
import { makeScratch, type Scratch } from './open-files.ts';

export interface LockPlace {
  readonly scratch: Scratch;
  readonly location: Location;
  readonly remove: () => void;
}

export async function makeLockPlace(): Promise<LockPlace> {
  const scratch = makeScratch();
  mkdirSync(scratch.path('destination'));
  const location = await resolveLocation('destination', scratch.path('destination'));
  const remove = (): void => {
    closeSync(location.fd);
    scratch.remove();
  };
  return { scratch, location, remove };
}

export const AT_ONCE: LockWait = {
  waitMs: 0,
  signal: new AbortController().signal,
  onWait: () => expect.fail('it waits'),
};
