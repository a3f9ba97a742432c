/** Every scenario, in the order they run. */
import type { Scenario } from '../scenario.ts';
import { FEW_ENTRIES_COPY } from './few-entries-copy.ts';
import { FEW_ENTRIES_NOTHING_TO_DO } from './few-entries-nothing-to-do.ts';
import { FULL_COPY } from './full-copy.ts';
import { LARGE_FILE } from './large-file.ts';
import { LARGE_FILES } from './large-files.ts';
import { MOUNT_30_DIRECTORIES } from './mount-30-directories.ts';
import { MOUNT_80_DIRECTORIES } from './mount-80-directories.ts';
import { MOUNT_LARGE_FILE } from './mount-large-file.ts';
import { MOUNT_NOTHING_TO_DO_COLD } from './mount-nothing-to-do-cold.ts';
import { MOUNT_ONE_DIRECTORY } from './mount-one-directory.ts';
import { MOUNT_VERIFIED_COPY } from './mount-verified-copy.ts';
import { NOTHING_TO_DO } from './nothing-to-do.ts';
import { NOTHING_TO_DO_MILLION } from './nothing-to-do-million.ts';
import { ONE_PERCENT_CHANGED } from './one-percent-changed.ts';
import { SPARSE_FILES_COPY } from './sparse-files.ts';
import { START_UP } from './start-up.ts';
import { VERIFIED_COPY } from './verified-copy.ts';
import { VERIFY } from './verify.ts';

export const SCENARIOS: readonly Scenario[] = [
  FULL_COPY,
  VERIFIED_COPY,
  NOTHING_TO_DO,
  NOTHING_TO_DO_MILLION,
  ONE_PERCENT_CHANGED,
  VERIFY,
  LARGE_FILE,
  LARGE_FILES,
  SPARSE_FILES_COPY,
  FEW_ENTRIES_COPY,
  FEW_ENTRIES_NOTHING_TO_DO,
  START_UP,
  MOUNT_30_DIRECTORIES,
  MOUNT_80_DIRECTORIES,
  MOUNT_ONE_DIRECTORY,
  MOUNT_VERIFIED_COPY,
  MOUNT_NOTHING_TO_DO_COLD,
  MOUNT_LARGE_FILE,
];
