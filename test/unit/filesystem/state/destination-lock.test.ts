import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationBusy, LocationError } from '../../../../src/model/run/errors.ts';
import { lockDestination } from '../../../../src/filesystem/state/destination-lock.ts';
import { resolveLocation } from '../../../../src/filesystem/roots/open-location.ts';
import type { Location } from '../../../../src/model/run/location.ts';
import { AT_ONCE, makeLockPlace, type LockPlace } from '../../../support/lock-place.ts';
import type { Scratch } from '../../../support/open-files.ts';

let place: LockPlace;
let scratch: Scratch;
let location: Location;
beforeEach(async () => {
  place = await makeLockPlace();
  ({ scratch, location } = place);
});
afterEach(() => place.remove());

function canLock(path: string): boolean {
  return spawnSync('flock', ['--nonblock', path, 'true']).status === 0;
}

describe('lockDestination', () => {
  it('holds a lock that flock(1) sees until it is released', async () => {
    const lock = await lockDestination(scratch.path('state/deep'), location, AT_ONCE);
    expect(statSync(scratch.path('state')).mode & 0o777).toBe(0o700);
    expect(statSync(scratch.path('state/deep/locks')).mode & 0o777).toBe(0o700);
    expect(statSync(lock.path).mode & 0o777).toBe(0o600);
    expect(canLock(lock.path)).toBe(false);
    await lock.release();
    expect(canLock(lock.path)).toBe(true);
  });

  it('refuses a second run of the same destination, by whatever path, and no other', async () => {
    const lock = await lockDestination(scratch.path('state'), location, AT_ONCE);
    const again = await resolveLocation('destination', `${scratch.path('destination')}/../destination`);
    const failure = await lockDestination(scratch.path('state'), again, AT_ONCE).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DestinationBusy);
    expect((failure as Error).message).toMatch(
      new RegExp(`is running: process ${process.pid}, since \\d{4}-\\S+Z, holds ${lock.path}$`),
    );
    mkdirSync(scratch.path('other'));
    const other = await resolveLocation('destination', scratch.path('other'));
    await (await lockDestination(scratch.path('state'), other, AT_ONCE)).release();
    await lock.release();
    await (await lockDestination(scratch.path('state'), again, AT_ONCE)).release();
    closeSync(again.fd);
    closeSync(other.fd);
  });

  it('can be taken after its holder is killed', async () => {
    const lock = await lockDestination(scratch.path('state'), location, AT_ONCE);
    await lock.release();
    const holder = spawn('flock', ['--no-fork', lock.path, 'sh', '-c', 'echo held; exec sleep 60']);
    await once(holder.stdout, 'data');
    await expect(lockDestination(scratch.path('state'), location, AT_ONCE)).rejects.toBeInstanceOf(
      DestinationBusy,
    );
    holder.kill('SIGKILL');
    await once(holder, 'close');
    await (await lockDestination(scratch.path('state'), location, AT_ONCE)).release();
  });

  it('does not print an invalid note', async () => {
    const lock = await lockDestination(scratch.path('state'), location, AT_ONCE);
    writeFileSync(lock.path, '1 \x1b[2J\n');
    const failure = await lockDestination(scratch.path('state'), location, AT_ONCE).catch(
      (error: unknown) => error,
    );
    expect((failure as Error).message).toContain(`is running: it holds ${lock.path}`);
    await lock.release();
  });

  it('says why a state directory cannot be used', async () => {
    writeFileSync(scratch.path('state'), '');
    const failure = await lockDestination(scratch.path('state'), location, AT_ONCE).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(LocationError);
    expect(failure).toMatchObject({ code: 'ENOTDIR' });
    expect((failure as Error).message).toContain(`cannot use state directory ${scratch.path('state')}`);
  });
});
