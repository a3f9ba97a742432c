/** Problems, verdicts, warnings and errors on standard error, as they come up. */
import { UsageError } from '../../errors.ts';
import type { Task } from '../../model/task.ts';
import { displayText } from '../../model/display-name.ts';
import { errorText, problemLine, verdictLine } from '../format/sentences.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

export function createTroubleReporter(screen: Screen): PartialReporter {
  const paint = screen.errPaint;
  let roots: Pick<Task, 'source' | 'destination'> = { source: 'source', destination: 'destination' };
  return {
    started: (task) => (roots = task),
    warned: (message) => screen.err(paint.yellow(`efs-sync: warning: ${displayText(message)}`) + '\n'),
    problem: (problem) => screen.err(paint.red(`efs-sync: ${problemLine(problem, roots)}`) + '\n'),
    verdict: (verdict) => screen.err(paint.red(`efs-sync: ${verdictLine(verdict)}`) + '\n'),
    failed(error) {
      screen.err(paint.red(`efs-sync: ${errorText(error)}`) + '\n');
      if (error instanceof UsageError) screen.err("Try 'efs-sync --help' or 'man efs-sync'.\n");
    },
  };
}
