/** `--chmod`: the mode that an entry's copy is to have, as rsync computes it. */
import { TYPE_MASK } from '../../model/entry.ts';
import type { ModeChange } from '../../model/metadata-changes.ts';

const DIRECTORY = 0o040000;
const SYMLINK = 0o120000;
const EXECUTE = 0o111;
const SHIFTS = { u: 6, g: 3, o: 0 } as const;
/** Gives each of the three classes the three bits that it is multiplied by. */
const EACH_CLASS = 0o111;

/** @param mode with the type of the entry; Linux stores no mode for symbolic links */
export function changedMode(mode: number, changes: readonly ModeChange[]): number {
  const type = mode & TYPE_MASK;
  if (type === SYMLINK) return mode;
  const mayExecute = type === DIRECTORY || (mode & EXECUTE) !== 0;
  let changed = mode;
  for (const change of changes) {
    const isMeant = change.on === 'everything' || (change.on === 'directories') === (type === DIRECTORY);
    if (isMeant) changed = applyChange(changed, change, mayExecute);
  }
  return changed;
}

function applyChange(mode: number, change: ModeChange, mayExecute: boolean): number {
  const { operator, cleared, copiedFrom } = change;
  const given =
    copiedFrom === undefined ? change.bits : change.bits & (((mode >> SHIFTS[copiedFrom]) & 7) * EACH_CLASS);
  if (operator === '-') return mode & ~given;
  const bits = change.isExecuteKept && !mayExecute ? given & ~EXECUTE : given;
  return (operator === '=' ? mode & ~cleared : mode) | bits;
}
