/** Where a change is applied: the two open directories and the change. */
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import type { PlannedChange } from '../plan/section.ts';

export interface ChangePlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly change: PlannedChange;
  /** This run made the destination directory: nobody reads in it yet. */
  readonly isDirectoryNew: boolean;
}

export function pathOf({ destination, change }: ChangePlace): string {
  return childPath(destination.path, change.name);
}
