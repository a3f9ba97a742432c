/** What workers learn of the two roots before the first of them starts. */
import { posix } from 'node:path';
import type { Run } from '../engine/context/run.ts';
import type { RootSetup, RunSetup } from '../engine/context/worker-context.ts';
import type { Roots } from '../engine/roots/open-roots.ts';
import { probeTimes } from '../filesystem/metadata/probe-times.ts';
import { rootOf } from '../filesystem/root.ts';
import { fileSystemOf } from '../model/file-systems.ts';
import type { KeptTimes, Location } from '../model/run/location.ts';
import { newTemporaryName } from '../phases/syncing/names/temporaries.ts';
import { granularityOf, PROBE_TIME } from '../policy/compare/timestamps.ts';
import { isElasticFileSystem } from '../policy/file-systems/mount-facts.ts';

export function setupOfOwn(
  directory: Run['temporaryDirectory'],
  { realPath }: Pick<Location, 'realPath'>,
): RunSetup['temporaryDirectory'] {
  return directory && { fd: directory.ownFd, path: posix.relative(realPath, directory.location.realPath) };
}

/** What workers know of both. */
export async function setupsOfRoots(
  { source, destination }: Roots,
  mayWrite: boolean,
): Promise<Pick<RunSetup, 'source' | 'destination'>> {
  return {
    source: setupOfRoot(source, await learnTimes(source, false)),
    destination: setupOfRoot(destination, await learnTimes(destination, mayWrite)),
  };
}

function setupOfRoot(location: Location, times: KeptTimes): RootSetup {
  return { ...location, ...times, isEfs: isElasticFileSystem(location.mount) };
}

/**
 * The coarsest granularity, that of FAT: without a test, a time cut off this far may be all that was kept.
 */
const UNTRIED_NS = 2_000_000_000;

/** @param mayWrite false: makes no test */
async function learnTimes(location: Location, mayWrite: boolean): Promise<KeptTimes> {
  const { mount, timestampGranularityNs: byType } = location;
  const isKnown = mount === undefined || fileSystemOf(mount).keepsTimes;
  if (isKnown) return { timestampGranularityNs: byType, linkGranularityNs: byType };
  if (!mayWrite) return { timestampGranularityNs: UNTRIED_NS, linkGranularityNs: UNTRIED_NS };
  const { file, link } = await probeTimes(rootOf(location), {
    fileName: newTemporaryName(),
    linkName: newTemporaryName(),
    time: PROBE_TIME,
  });
  const timestampGranularityNs = file === undefined ? byType : granularityOf(file);
  return {
    timestampGranularityNs,
    linkGranularityNs: link === undefined ? timestampGranularityNs : granularityOf(link),
  };
}
