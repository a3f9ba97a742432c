/** One unit of Preparing as its functions see it: the worker, what to report, where found directories go. */
import type { Findings } from '../findings.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import type { WorkerContext } from '../worker-context.ts';

export interface PreparingUnit {
  readonly context: WorkerContext;
  readonly findings: Findings;
  readonly found: (child: DirectoryTask) => void;
}
