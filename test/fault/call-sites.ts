/** Where the code makes a call: the phase, the side, and the functions that lead to it. */
import type { Fault, MadeCall } from './faults.ts';

/** How many stack frames identify a place, nearest first. More would distinguish the callers of shared code. */
const FRAMES = 3;
/** Deep enough to reach beyond the shared layers below every call. */
const STACK_DEPTH = 50;
const SHARED = /\/filesystem\/linux\//;

export function siteOf(phase: string, targets: readonly string[]): string {
  return [phase, sidesOf(targets), ...callers()].join(' < ');
}

/** The side of each path; every scenario names its roots `source` and `destination`. */
function sidesOf(targets: readonly string[]): string {
  const sides = targets.map((path) => /\/(source|destination)(?=\/|$)/.exec(path)?.[1] ?? 'elsewhere');
  return [...new Set(sides)].join(' and ');
}

function callers(): string[] {
  const before = Object.assign({ prepareStackTrace: undefined }, Error);
  Error.stackTraceLimit = STACK_DEPTH;
  Error.prepareStackTrace = (_, frames) => frames;
  const frames = new Error().stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, before);
  return frames
    .filter(
      (frame) =>
        !frame.isAsync() &&
        frame.getFileName()?.includes('/src/') === true &&
        !SHARED.test(String(frame.getFileName())),
    )
    .slice(0, FRAMES)
    .map(
      (frame) =>
        `${frame.getFunctionName() ?? '=>'} ${frame.getFileName()?.replace(/.*\//, '')}:${frame.getLineNumber()}`,
    );
}

const EIO = 'EIO';
/** The two errors that concern one entry only: a bad block, and a denial by the server. */
const OF_ENTRIES = [EIO, 'EACCES'];

/**
 * One fault for each site that is not in `seen`, and adds the site. The fault strikes the site's first call
 * and all later ones on the same paths.
 */
export function oneForEachSite(made: readonly MadeCall[], seen: Set<string>): Fault[] {
  const faults: Fault[] = [];
  for (const { call, site = '' } of made) {
    const key = `${call} ${site}`;
    if (seen.has(key) || call === 'geteuid') continue;
    seen.add(key);
    const kinds = call === 'statx' ? OF_ENTRIES : [EIO];
    for (const kind of kinds) faults.push({ call, site, nth: 1, kind, lasts: 'there', timing: 'instead' });
  }
  return faults;
}
