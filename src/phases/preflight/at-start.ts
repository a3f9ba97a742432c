/** The short form of preflight, at the start of each run: what costs no call to a server, and only what is amiss. */
import { mountedByFstab } from '../../filesystem/fstab.ts';
import type { Check } from '../../model/check.ts';
import type { Location } from '../../model/location.ts';
import { isElasticFileSystem } from '../../policy/elastic-file-system.ts';
import { checkMount } from '../../policy/preflight/mount-checks.ts';
import { checkNfsOptions } from '../../policy/preflight/nfs-options.ts';
import type { Roots } from '../open-roots.ts';

export function checkAtStart({ source, destination }: Roots): Check[] {
  return [source, destination].flatMap(checkRoot).filter(({ result }) => result !== 'OK');
}

function checkRoot(location: Location): Check[] {
  const { side, mount, realPath } = location;
  const fstabSource = mountedByFstab(realPath);
  // On this machine nothing else is amiss: it may well be meant.
  const missing = fstabSource === undefined ? [] : [checkMount(location, fstabSource)];
  if (mount?.fileSystemType.startsWith('nfs') !== true)
    return missing.filter(({ result }) => result === 'FAIL');
  return [...missing, ...checkNfsOptions({ side, mount, isEfs: isElasticFileSystem(mount) })];
}
