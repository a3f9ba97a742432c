/** One unit of Preparing as its functions see it: the worker, what to report, where found directories go. */
import type { Findings } from '../findings.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import type { LargeFile } from '../walking/large-file.ts';
import type { WorkerContext } from '../worker-context.ts';

export interface PreparingUnit {
  readonly context: WorkerContext;
  readonly findings: Findings;
  /** Their content is yet to be compared. */
  readonly largeFiles: LargeFile[];
  readonly found: (child: DirectoryTask) => void;
}
