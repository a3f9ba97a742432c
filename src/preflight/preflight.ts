/**
 * Preflight: asks both roots and their servers what a sync would meet; writes one file and removes it. Each
 * run starts with a short one, which calls no server.
 */
import type { ByteString } from '../model/byte-string.ts';
import { LocationError } from '../model/run/errors.ts';
import { rootOf } from '../filesystem/root.ts';
import { findPrivateEntry, probeWriting } from './probe-roots.ts';
import { findSnapshots } from '../filesystem/mounts/find-snapshots.ts';
import { mountedByFstab, mountsBelow, readMounts } from '../filesystem/mounts/mounts.ts';
import { closeLocation } from '../filesystem/roots/open-location.ts';
import { readOwnRights } from '../filesystem/metadata/own-rights.ts';
import { readReadahead } from '../filesystem/proc-file.ts';
import { namesBelow } from '../filesystem/real-paths.ts';
import { findTlsEvidence } from '../filesystem/mounts/tls-evidence.ts';
import { displayName } from '../model/display-name.ts';
import type { Check } from '../model/preflight-results.ts';
import { fileSystemOf } from '../model/file-systems.ts';
import type { Location } from '../model/run/location.ts';
import type { Reporter } from '../model/run/reporter.ts';
import type { Settings } from '../model/settings.ts';
import type { Task, Side } from '../model/task.ts';
import { checkReadOnly, isElasticFileSystem } from '../policy/file-systems/mount-facts.ts';
import { isMappedUid } from '../policy/compare/ownership.ts';
import { checkProbe, checkReading } from './identity-checks.ts';
import {
  checkApart,
  checkEncryption,
  checkMount,
  checkMountsBelow,
  checkReadahead,
  checkSnapshot,
  checkSnapshots,
} from './mount-checks.ts';
import { checkNfsOptions } from './nfs-options.ts';
import { guardUnchangedRoots } from '../engine/roots/guard-roots.ts';
import { openRoots, type Roots } from '../engine/roots/open-roots.ts';
import { newTemporaryName } from '../phases/syncing/names/temporaries.ts';
import { watched, type WatchedProcess } from '../run/watchdog/watched.ts';
import { connect } from 'node:net';

/** An unused id: giving the file to it shows whether the owner really changes. */
const STRANGER_UID = 65_533;

export interface PreflightContext extends WatchedProcess {
  readonly reporter: Pick<Reporter, 'warned'>;
}

/** @throws FatalError if a root was lost, TimedOut */
export async function runPreflight(
  task: Task,
  context: PreflightContext,
  ifMissing: 'refuse' | 'none',
): Promise<Check[]> {
  return watched({ task, ...context }, () => checkTask(task, ifMissing));
}

async function checkTask(task: Task, ifMissing: 'refuse' | 'none'): Promise<Check[]> {
  let roots: Roots;
  try {
    roots = await openRoots(task, ifMissing);
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    const { message, side, path, code } = error;
    const found: Check = {
      result: 'FAIL',
      subject: 'roots',
      finding: message,
      unopened: { side, path, code },
    };
    return [found, ...(await checkServersOf(task, ifMissing))];
  }
  try {
    const checks = await (ifMissing === 'none' ? checkSource : checkRoots)(roots, task.settings);
    await guardUnchangedRoots({ ...roots, task });
    return checks;
  } finally {
    await closeLocation(roots.source);
    await closeLocation(roots.destination);
  }
}

/** Where there is no destination yet. */
async function checkSource({ source }: Pick<Roots, 'source'>, settings: Settings): Promise<Check[]> {
  const isSnapshot = settings.sourceSnapshot !== undefined;
  const rights = readOwnRights();
  const checks = [
    ...(await checkLocation(source)),
    checkReading(await findPrivateEntry(rootOf(source), rights.uid), rights),
    isSnapshot ? checkSnapshot(source) : checkSnapshots(source, (await findSnapshots(source))?.path),
  ];
  return checks.filter((check) => check !== undefined);
}

async function checkRoots(roots: Roots, settings: Settings): Promise<Check[]> {
  const { source, destination } = roots;
  const rights = readOwnRights();
  const mayGive = rights.isRoot && isMappedUid(STRANGER_UID, rights);
  const strangerUid = mayGive ? STRANGER_UID : undefined;
  const probe = await probeWriting(rootOf(destination), { name: newTemporaryName(), strangerUid });
  const readOnly = checkReadOnly(destination);
  const checks = [
    ...(await checkSource(roots, settings)),
    ...(await checkLocation(destination)),
    ...(readOnly === undefined ? checkProbe(probe, rights) : [readOnly]),
    checkApart(source, destination),
    ...[source, destination].map((root) =>
      checkMountsBelow(root, pathsOfMounts(root), settings.oneFileSystem),
    ),
  ];
  return checks.filter((check) => check !== undefined);
}

function pathsOfMounts(root: Location): ByteString[] {
  const paths = mountsBelow(readMounts(), root.realPath).map(({ mountPoint }) =>
    namesBelow(mountPoint, root.realPath),
  );
  return [...new Set(paths)].toSorted();
}

async function checkLocation(location: Location): Promise<(Check | undefined)[]> {
  const { side, mount, realPath, device } = location;
  const fstabSource = mountedByFstab(realPath);
  const isNfs = mount !== undefined && fileSystemOf(mount).isNfs;
  const isMissing = fstabSource !== undefined && mount?.mountPoint !== realPath;
  return [
    checkMount(location, fstabSource),
    isMissing ? await checkServer(side, fstabSource) : undefined,
    ...(isNfs ? checkNfsOptions({ side, mount, isEfs: isElasticFileSystem(mount) }) : []),
    checkEncryption(location, await findTlsEvidence(mount)),
    checkReadahead(location, readReadahead(device)),
  ];
}

/** A root that cannot be used is usually not mounted: check whether its server is up. */
async function checkServersOf({ source, destination }: Task, ifMissing: 'refuse' | 'none'): Promise<Check[]> {
  const roots = [
    ['source', source],
    ['destination', destination],
  ] as const;
  const checks: Check[] = [];
  for (const [side, path] of ifMissing === 'none' ? roots.slice(0, 1) : roots) {
    const fstabSource = mountedByFstab(path);
    const check = fstabSource === undefined ? undefined : await checkServer(side, fstabSource);
    if (check !== undefined) checks.push(check);
  }
  return checks;
}

/** Not a host name: only efs-utils can resolve it. */
const EFS_UTILS_NAME = /^fs-[0-9a-f]+$/;

/** Undefined if the source in fstab is no server. @param fstabSource `nas:/export`, `[fd00::1]:/export` */
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

const NFS_PORT = 2049;
const PATIENCE_MS = 3000;

/**
 * Connects to the NFS port of a file server and closes at once. Gives the reason in words if that fails;
 * undefined if the server answers.
 */
async function reachServer(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: NFS_PORT, timeout: PATIENCE_MS });
    const end = (failure: string | undefined): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${PATIENCE_MS / 1000} s`));
    socket.once('error', (error) => end(error.message));
  });
}

/**
 * At the start of each run: only checks without a call to a server, and only their warnings.
 * @param wouldWrite for a dry run: also report why a real run would be refused
 */
export function checkAtStart({ source, destination }: Roots, wouldWrite: boolean): Check[] {
  const readOnly = wouldWrite ? checkReadOnly(destination) : undefined;
  const checks = [source, destination].flatMap(checkRootAtStart).filter(({ result }) => result !== 'OK');
  return readOnly === undefined ? checks : [...checks, readOnly];
}

function checkRootAtStart(location: Location): Check[] {
  const { side, mount, realPath } = location;
  const fstabSource = mountedByFstab(realPath);
  // On a local file system only an explicit failure counts: other findings may be intended.
  const missing = fstabSource === undefined ? [] : [checkMount(location, fstabSource)];
  if (mount === undefined || !fileSystemOf(mount).isNfs)
    return missing.filter(({ result }) => result === 'FAIL');
  return [...missing, ...checkNfsOptions({ side, mount, isEfs: isElasticFileSystem(mount) })];
}
