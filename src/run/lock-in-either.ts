/** Where the lock of a destination is held: in the state directory, or else in the fallback. */
import { type Lock, lockDestination, type LockWait } from '../filesystem/state/destination-lock.ts';
import type { Location } from '../model/run/location.ts';
import type { Settings } from '../model/settings.ts';
import { isUnwritable } from '../policy/judge-failure.ts';

/** In the fallback if the state directory cannot be written. @throws as `lockDestination` */
export async function lockInEither(
  { stateDirectory, fallbackStateDirectory }: Pick<Settings, 'stateDirectory' | 'fallbackStateDirectory'>,
  location: Location,
  wait: LockWait,
): Promise<Lock> {
  try {
    return await lockDestination(stateDirectory, location, wait);
  } catch (error) {
    if (fallbackStateDirectory === '' || !isUnwritable(stateDirectory, error)) throw error;
    return lockDestination(fallbackStateDirectory, location, wait);
  }
}
