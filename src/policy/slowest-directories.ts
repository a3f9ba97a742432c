/** Finds the slowest directories without keeping all of them. */
import { SLOWEST_LISTED, type DirectoryTime } from '../model/run/run-statistics.ts';

/** Most directories that one unit of work reports. */
const KEPT_OF_UNIT = 20;
/**
 * More than are listed, as several units may work in one directory: its times must survive until they add up.
 */
const KEPT_OF_RUN = 200;

/** Adds a time, and keeps only the slowest once there are many. */
export function noteTime(times: DirectoryTime[], time: DirectoryTime): void {
  times.push(time);
  if (times.length <= 2 * KEPT_OF_UNIT) return;
  times.sort(slowestFirst);
  times.length = KEPT_OF_UNIT;
}

/** The slowest directories of one phase. */
export class SlowestDirectories {
  readonly #times = new Map<string, DirectoryTime>();

  /** Adds to the directory's time so far. */
  add(time: DirectoryTime): void {
    const before = this.#times.get(time.path)?.elapsedMs ?? 0;
    this.#times.set(time.path, { ...time, elapsedMs: before + time.elapsedMs });
    if (this.#times.size <= 2 * KEPT_OF_RUN) return;
    for (const { path } of this.#sorted().slice(KEPT_OF_RUN)) this.#times.delete(path);
  }

  list(): DirectoryTime[] {
    return this.#sorted().slice(0, SLOWEST_LISTED);
  }

  #sorted(): DirectoryTime[] {
    return [...this.#times.values()].toSorted(slowestFirst);
  }
}

function slowestFirst(one: DirectoryTime, other: DirectoryTime): number {
  return other.elapsedMs - one.elapsedMs;
}
