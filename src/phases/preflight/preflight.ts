/** Preflight: asks both roots and their servers what a sync would meet; writes one file and removes it. */
import { LocationError } from '../../errors.ts';
import { rootOf } from '../../filesystem/calls-to.ts';
import { findPrivateEntry } from '../../filesystem/find-private-entry.ts';
import { findSnapshots } from '../../filesystem/find-snapshots.ts';
import { mountedByFstab } from '../../filesystem/fstab.ts';
import { closeLocation } from '../../filesystem/location.ts';
import { mountsBelow, readMounts } from '../../filesystem/mounts.ts';
import { readOwnRights } from '../../filesystem/own-rights.ts';
import { probeWriting } from '../../filesystem/probe-writing.ts';
import { reachServer } from '../../filesystem/reach-server.ts';
import { readReadahead } from '../../filesystem/readahead.ts';
import { namesBelow } from '../../filesystem/real-paths.ts';
import { findTlsEvidence } from '../../filesystem/tls-evidence.ts';
import { displayName } from '../../model/display-name.ts';
import type { Check } from '../../model/check.ts';
import type { Location } from '../../model/location.ts';
import type { Reporter } from '../../model/reporter.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side, Task } from '../../model/task.ts';
import { isElasticFileSystem } from '../../policy/elastic-file-system.ts';
import { isMappedUid } from '../../policy/ownership.ts';
import { checkProbe, checkReading } from '../../policy/preflight/identity-checks.ts';
import {
  checkApart,
  checkEncryption,
  checkMount,
  checkMountsBelow,
  checkReadahead,
  checkSnapshot,
  checkSnapshots,
} from '../../policy/preflight/mount-checks.ts';
import { checkNfsOptions } from '../../policy/preflight/nfs-options.ts';
import { openRoots, type Roots } from '../open-roots.ts';
import { newTemporaryName } from '../syncing/new-name.ts';
import { watched } from '../watched.ts';

/** Nobody's, so that giving a file away is told from keeping it. */
const STRANGER_UID = 65_533;

/** @throws TimedOut */
export async function runPreflight(task: Task, reporter: Pick<Reporter, 'warned'>): Promise<Check[]> {
  return watched({ task, reporter }, () => checkTask(task));
}

async function checkTask(task: Task): Promise<Check[]> {
  let roots: Roots;
  try {
    roots = await openRoots(task);
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    return [{ result: 'FAIL', subject: 'roots', finding: error.message }, ...(await checkServersOf(task))];
  }
  try {
    return await checkRoots(roots, task.settings);
  } finally {
    await closeLocation(roots.source);
    await closeLocation(roots.destination);
  }
}

async function checkRoots(roots: Roots, settings: Settings): Promise<Check[]> {
  const isSnapshot = settings.sourceSnapshot !== undefined;
  const { source, destination } = roots;
  const rights = readOwnRights();
  const mayGive = rights.isRoot && isMappedUid(STRANGER_UID, rights);
  const strangerUid = mayGive ? STRANGER_UID : undefined;
  const probe = await probeWriting(rootOf(destination), { name: newTemporaryName(), strangerUid });
  const checks = [
    ...(await checkLocation(source)),
    checkReading(await findPrivateEntry(rootOf(source), rights.uid), rights),
    isSnapshot ? checkSnapshot(source) : checkSnapshots(source, (await findSnapshots(source))?.path),
    ...(await checkLocation(destination)),
    ...checkProbe(probe, rights),
    checkApart(source, destination),
    ...[source, destination].map((root) =>
      checkMountsBelow(root, pathsOfMounts(root), settings.oneFileSystem),
    ),
  ];
  return checks.filter((check) => check !== undefined);
}

function pathsOfMounts(root: Location): string[] {
  const paths = mountsBelow(readMounts(), root.realPath).map(({ mountPoint }) =>
    namesBelow(mountPoint, root.realPath),
  );
  return [...new Set(paths)].toSorted();
}

async function checkLocation(location: Location): Promise<(Check | undefined)[]> {
  const { side, mount, realPath, device } = location;
  const fstabSource = mountedByFstab(realPath);
  const isNfs = mount?.fileSystemType.startsWith('nfs') === true;
  const isMissing = fstabSource !== undefined && mount?.mountPoint !== realPath;
  return [
    checkMount(location, fstabSource),
    isMissing ? await checkServer(side, fstabSource) : undefined,
    ...(isNfs ? checkNfsOptions({ side, mount, isEfs: isElasticFileSystem(mount) }) : []),
    checkEncryption(location, await findTlsEvidence(mount)),
    checkReadahead(location, await readReadahead(device)),
  ];
}

/** A root that cannot be used is most often one that is not mounted: is its server there? */
async function checkServersOf({ source, destination }: Task): Promise<Check[]> {
  const roots = [
    ['source', source],
    ['destination', destination],
  ] as const;
  const checks: Check[] = [];
  for (const [side, path] of roots) {
    const fstabSource = mountedByFstab(path);
    const check = fstabSource === undefined ? undefined : await checkServer(side, fstabSource);
    if (check !== undefined) checks.push(check);
  }
  return checks;
}

/** Not a host's name: efs-utils alone makes one of it. */
const EFS_UTILS_NAME = /^fs-[0-9a-f]+$/;

/** Undefined: what fstab has is no server. @param fstabSource `nas:/export`, `[fd00::1]:/export` */
async function checkServer(side: Side, fstabSource: string): Promise<Check | undefined> {
  const host = /^(?:\[(.*)\]|([^:/]+)):/
    .exec(fstabSource)
    ?.slice(1)
    .find((each) => each !== undefined);
  if (host === undefined || EFS_UTILS_NAME.test(host)) return undefined;
  const subject = `${side}: server`;
  const failure = await reachServer(host);
  if (failure === undefined)
    return { result: 'OK', subject, finding: `${displayName(host)} answers on its NFS port` };
  return {
    result: 'FAIL',
    subject,
    finding: `${displayName(host)} does not answer on its NFS port: ${failure}`,
  };
}
