/** For what needs no tree. */
import type { Tree } from '../scenario.ts';

export const NO_FILES: Tree = { description: '', sizeBytes: 0, isManyFiles: false, make: () => undefined };
