/** The last word of a run: the report on standard output, or with `-q` one line on standard error. */
import { exitStatusOf } from '../exit-status.ts';
import { formatReport } from '../format/final-report.ts';
import { headlineOf } from '../format/headline.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

const LIST_LIMIT = 20;

export function createClosingReporter(screen: Screen, stats: boolean): PartialReporter {
  const style = { paint: screen.outPaint, stats, listLimit: LIST_LIMIT };
  return { finished: (report) => screen.out(formatReport(report, style)) };
}

/** Silent where all is well: cron mails whatever is printed. */
export function createQuietClosing(screen: Screen): PartialReporter {
  return {
    finished(report) {
      const { outcome } = report;
      if (outcome.status === 'Success') return;
      screen.err(
        screen.errPaint.red(`efs-sync: ${headlineOf(report)} (exit status ${exitStatusOf(outcome)})`) + '\n',
      );
    },
  };
}
