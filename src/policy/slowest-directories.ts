/** Which directories took longest, without holding all of them. */
import { SLOWEST_LISTED, type DirectoryTime } from '../model/run-statistics.ts';

/** A unit of work tells of no more. */
const KEPT_OF_UNIT = 20;
/** Several units may work in one directory: one that is slow by all of them is held from the first. */
const KEPT_OF_RUN = 200;

/** Adds a time; where they become many, the slowest stay. */
export function noteTime(times: DirectoryTime[], time: DirectoryTime): void {
  times.push(time);
  if (times.length <= 2 * KEPT_OF_UNIT) return;
  times.sort(slowestFirst);
  times.length = KEPT_OF_UNIT;
}

/** Those of one phase. */
export class SlowestDirectories {
  readonly #times = new Map<string, DirectoryTime>();

  /** A directory's times add up. */
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
