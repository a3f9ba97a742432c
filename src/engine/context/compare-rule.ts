/** By what the two sides of an entry are compared in this run: settings, rights and what the destination keeps. */
import type { WantedBy } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import type { StatBuffer } from '../../linux/stat-buffer.ts';
import { changedMode } from '../../policy/compare/change-mode.ts';
import type { CompareRule } from '../../policy/compare/compare.ts';
import { wantedOwnerBy } from '../../policy/compare/ownership.ts';
import { isNfs3 } from '../../filesystem/mounts/mounts.ts';
import type { OwnerRights } from '../../model/owner-rights.ts';
import type { KeptTimes, Location } from '../../model/run/location.ts';

interface RuleSetup {
  readonly rights: OwnerRights;
  readonly destination: KeptTimes & Pick<Location, 'mount'>;
}

function wantedBy({ idMaps, modeChanges }: Settings): WantedBy {
  return {
    uid: idMaps.uid.length > 0 ? '--usermap' : '--chown',
    gid: idMaps.gid.length > 0 ? '--groupmap' : '--chown',
    mode: modeChanges.length > 0 ? '--chmod' : undefined,
  };
}

/** `--chmod`: from here on the source has the modes that its copy is to get. Call it once for each stat of the source. */
export function takeMode(
  { settings }: { readonly settings: Pick<Settings, 'modeChanges'> },
  source: StatBuffer,
): void {
  const { modeChanges } = settings;
  if (modeChanges.length > 0) source.mode = changedMode(source.mode, modeChanges);
}

export function compareRuleOf(settings: Settings, { rights, destination }: RuleSetup): CompareRule {
  const { timestampGranularityNs, linkGranularityNs, mount } = destination;
  const wantedOwner = wantedOwnerBy(settings, rights);
  const startsAt1970 = isNfs3(mount);
  const { preserve, omitDirectoryTimes, omitLinkTimes } = settings;
  return {
    preserve,
    wantedOwner,
    timestampGranularityNs,
    linkGranularityNs,
    startsAt1970,
    omitDirectoryTimes,
    omitLinkTimes,
    wantedBy: wantedBy(settings),
    modifyWindowSec: settings.modifyWindowSec,
  };
}
