/** A run for `systemctl status`: that it has begun, what it is at, and how it ended. */
import { capitalized } from '../format/capitalized.ts';
import { errorLine } from '../format/sentences.ts';
import { headlineOf } from '../format/headline.ts';
import type { ServiceManager } from '../service-manager.ts';
import type { PartialReporter } from './command-reporter.ts';
import { createPlainReporter } from './plain.ts';

const STATUS_EVERY_MS = 1000;

export function createServiceReporter(manager: ServiceManager): PartialReporter {
  const show = (text: string): void => manager.tell(`STATUS=${text.trimEnd().split('\n').at(-1) ?? ''}`);
  const lines = createPlainReporter({ out: show }, STATUS_EVERY_MS);
  return {
    ...lines,
    // Else the time to start would run out.
    waiting: () => manager.tell('READY=1', 'STATUS=Waiting for another sync of this destination'),
    started(task) {
      lines.started?.(task);
      manager.tell('READY=1', 'STATUS=Starting');
    },
    phaseStarted(phase) {
      lines.phaseStarted?.(phase);
      show(capitalized(phase));
    },
    stopping: () => manager.tell('STOPPING=1', 'STATUS=Stopping and tidying up'),
    finished: (report) => show(headlineOf(report)),
    failed: (error) => show(`Error: ${errorLine(error)}`),
  };
}
