/** A destination's lock goes elsewhere where the state directory cannot be written. */
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationBusy } from '../../../src/model/run/errors.ts';
import { lockInEither } from '../../../src/run/lock-in-either.ts';
import type { Location } from '../../../src/model/run/location.ts';
import { AT_ONCE, makeLockPlace, type LockPlace } from '../../support/lock-place.ts';
import type { Scratch } from '../../support/open-files.ts';

let place: LockPlace;
let scratch: Scratch;
let location: Location;
beforeEach(async () => {
  place = await makeLockPlace();
  ({ scratch, location } = place);
});
afterEach(() => place.remove());

function either() {
  return { stateDirectory: scratch.path('state'), fallbackStateDirectory: scratch.path('fallback') };
}

describe('lockInEither', () => {
  it('takes the fallback where the state directory cannot be made, and excludes others there', async () => {
    writeFileSync(scratch.path('state'), '');
    const lock = await lockInEither(either(), location, AT_ONCE);
    expect(lock.path).toMatch(/\/fallback\/locks\//);
    expect(statSync(scratch.path('fallback')).mode & 0o777).toBe(0o700);
    await expect(lockInEither(either(), location, AT_ONCE)).rejects.toBeInstanceOf(DestinationBusy);
    await lock.release();
  });

  it('takes the fallback where no state directory is known', async () => {
    const lock = await lockInEither({ ...either(), stateDirectory: '' }, location, AT_ONCE);
    expect(lock.path).toMatch(/\/fallback\/locks\//);
    await lock.release();
  });

  it('leaves the fallback alone where another run holds the lock, or others can access the directory', async () => {
    const lock = await lockInEither(either(), location, AT_ONCE);
    await expect(lockInEither(either(), location, AT_ONCE)).rejects.toBeInstanceOf(DestinationBusy);
    await lock.release();
    chmodSync(scratch.path('state'), 0o777);
    await expect(lockInEither(either(), location, AT_ONCE)).rejects.toThrow(/other users can access it/);
    expect(existsSync(scratch.path('fallback'))).toBe(false);
  });

  it('needs none', async () => {
    writeFileSync(scratch.path('state'), '');
    const only = { ...either(), fallbackStateDirectory: '' };
    await expect(lockInEither(only, location, AT_ONCE)).rejects.toThrow(/cannot use state directory/);
  });
});
