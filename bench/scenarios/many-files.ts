/** The tree of the copies of many small files. */
import { smallFiles } from '../trees/small-files.ts';

export const MANY_FILES = smallFiles({ directories: 1000, filesEach: 100, sizeBytes: 4096 });
