/** When files are written in directories of the run's own before they are moved to where they belong. */

/** Making and removing those directories costs the directory's lock about as much as so many files. */
const FEWEST_FILES = 32;

export interface StagingCounts {
  /** To be written at once. */
  readonly files: number;
  /** In the directory they belong in, as the source has it. */
  readonly directoryFiles: number;
  /** To be transferred by the whole run. */
  readonly allFiles: number;
}

/**
 * Where one directory takes most of them: Linux lets one rename between two directories happen at a time
 * on a whole file system (s_vfs_rename_mutex), which would hold up many directories that fill side by side.
 */
export function isCrowded({ files, directoryFiles, allFiles }: StagingCounts): boolean {
  return files >= FEWEST_FILES && directoryFiles * 2 > allFiles;
}
