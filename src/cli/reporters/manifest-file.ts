/** `--manifest=FILE`: a line for everything that was verified, written once verification has ended. */
import type { Task } from '../../model/task.ts';
import { ManifestFiles } from '../manifest-files.ts';
import { guardOutput, lossOf, type OutputTrouble } from '../output-files.ts';
import type { PartialReporter } from './command-reporter.ts';

/** @throws UsageError where it cannot be written */
export function createManifestReporter(file: string, task: Task, outputs: OutputTrouble): PartialReporter {
  const { digest } = task.settings;
  /** Undefined: given up, or written. */
  let files: ManifestFiles | undefined = guardOutput('manifest', file, () => new ManifestFiles(file, digest));
  const attempt = (action: (open: ManifestFiles) => void): void => {
    const open = files;
    if (open === undefined) return;
    try {
      action(open);
    } catch (error) {
      files = undefined;
      const loss = lossOf('manifest', file, error);
      outputs.warn(`${loss}; going on without it`);
      outputs.lose(loss);
      discard(open);
    }
  };
  const discard = (open: ManifestFiles): void => {
    try {
      open.discard();
    } catch (error) {
      outputs.warn(`a part of it is left: ${lossOf('manifest', file, error)}`);
    }
  };
  const end = (action: (open: ManifestFiles) => void): void => {
    attempt(action);
    files = undefined;
  };
  return {
    verified: (entry) => attempt((open) => open.add(entry)),
    finished({ outcome, phases }) {
      const wasVerified =
        phases.some(({ phase }) => phase === 'verifying') && outcome.status !== 'Interrupted';
      end(wasVerified ? (open) => open.finish() : discard);
    },
    failed: () => end(discard),
  };
}
