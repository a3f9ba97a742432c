/** The tree of most scenarios: 100,000 files of 4 KiB in 1,000 directories. */
import { makeSmallFiles } from '../trees.ts';

export const SMALL_FILES = '100,000 x 4 KiB in 1,000 directories';

export function makeManySmallFiles(source: string, scale: number): void {
  makeSmallFiles(source, { directories: Math.ceil(1000 * scale), filesEach: 100, sizeBytes: 4096 });
}
