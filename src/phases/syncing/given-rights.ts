/** Whether who runs a file gets rights by it: such a file is only ever written whole, and at once. */
import { listAttributeNames } from '../../filesystem/extended-attributes.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { hasSetIdBits } from '../../model/entry.ts';
import { givesRights } from '../../model/privileged-attributes.ts';
import { atSide } from '../walking/both-sides.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import type { ChangePlace } from './change-place.ts';

/** Only root copies such attributes. @throws SystemError, with its side */
export async function hasRights(
  { context }: ApplyingUnit,
  { change }: ChangePlace,
  source: OpenFile,
): Promise<boolean> {
  if (hasSetIdBits(change.source)) return true;
  if (!context.settings.preserve.xattr || !context.setup.rights.isRoot) return false;
  const names = await atSide('source', () => listAttributeNames(source));
  return names.some(givesRights);
}
