/** How a source entry and a destination entry differ: the quick check, and the metadata to preserve. */
import { Difference, type Differences } from '../model/change.ts';
import { isFile, isSymlink, permissionsOf, TYPE_MASK, type Entry } from '../model/entry.ts';
import type { Preserve } from '../model/settings.ts';
import type { WantedOwner } from '../model/wanted-metadata.ts';
import { sameMtime } from './timestamps.ts';
import { isUnfinished } from './unfinished-mark.ts';

export interface CompareRule {
  readonly preserve: Preserve;
  readonly wantedOwner: (source: Entry) => WantedOwner;
  readonly timestampGranularityNs: number;
}

/** What statx tells; content, link targets and extended attributes are compared by those who can read. */
export function compareEntries(source: Entry, destination: Entry, rule: CompareRule): Differences {
  if ((source.mode & TYPE_MASK) !== (destination.mode & TYPE_MASK)) return Difference.kind;
  let differences = 0;
  if ((isFile(source) || isSymlink(source)) && source.sizeBytes !== destination.sizeBytes) {
    differences |= Difference.size;
  }
  if (!sameMtime(source, destination, rule.timestampGranularityNs)) differences |= Difference.mtime;
  const isOtherDevice = isDeviceNode(source) && source.specialDevice !== destination.specialDevice;
  if (isOtherDevice || isUnfinished(source, destination)) differences |= Difference.content;
  return differences | compareOwnerAndMode(source, destination, rule);
}

function compareOwnerAndMode(source: Entry, destination: Entry, rule: CompareRule): Differences {
  let differences = 0;
  const wanted = rule.wantedOwner(source);
  if (wanted.uid !== undefined && wanted.uid !== destination.uid) differences |= Difference.uid;
  if (wanted.gid !== undefined && wanted.gid !== destination.gid) differences |= Difference.gid;
  if (rule.preserve.mode && !isSymlink(source) && permissionsOf(source) !== permissionsOf(destination)) {
    differences |= Difference.mode;
  }
  return differences;
}

function isDeviceNode(entry: Entry): boolean {
  const type = entry.mode & TYPE_MASK;
  return type === 0o020000 || type === 0o060000;
}
