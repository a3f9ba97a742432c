/** Which mount a run waits for, from the calls that are in flight each time somebody looks. */
import type { ByteString } from '../model/byte-string.ts';
import type { WaitingPath } from './describe-hang.ts';

/** A look weighs half as much three looks later. */
const KEPT = 0.8;
/** Below this share of all calls, it is not one mount. */
const LEAST_SHARE = 0.6;
const LEAST_LOOKS = 3;

export class SlowestMount {
  readonly #shares = new Map<ByteString, number>();
  #looks = 0;

  /** The mount point, while most calls wait for one remote mount. */
  look(calls: readonly Pick<WaitingPath, 'mount'>[]): ByteString | undefined {
    if (calls.length > 0) this.#add(calls);
    const [slowest] = [...this.#shares].toSorted(([, one], [, other]) => other - one);
    if (slowest === undefined || this.#looks < LEAST_LOOKS) return undefined;
    const [mountPoint, share] = slowest;
    return share < LEAST_SHARE * (1 - KEPT ** this.#looks) ? undefined : mountPoint;
  }

  #add(calls: readonly Pick<WaitingPath, 'mount'>[]): void {
    this.#looks++;
    for (const [mountPoint, share] of this.#shares) this.#shares.set(mountPoint, share * KEPT);
    const weight = (1 - KEPT) / calls.length;
    for (const { mount } of calls) {
      if (mount?.isRemote !== true) continue;
      this.#shares.set(mount.mountPoint, (this.#shares.get(mount.mountPoint) ?? 0) + weight);
    }
  }
}
