/** Whether to list a directory of which some names are selected, or to look each of them up. */

/** One round trip of READDIR or less brings what so many lookups would. */
const FEW_NAMES = 16;
/** NFS brings a hundred names or more in one reply; on a local disk a lookup costs as much as listing several. */
const ENTRIES_PER_NAME = 16;

/** How many entries to list at most before names are looked up after all; 0: list none. */
export function mostEntriesToList(selectedCount: number): number {
  return selectedCount < FEW_NAMES ? 0 : selectedCount * ENTRIES_PER_NAME;
}
