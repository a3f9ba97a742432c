import { describe, expect, it } from 'vitest';
import { combineReporters } from '../../../../src/report/reporters/command-reporter.ts';
import { TimedOut } from '../../../../src/model/run/errors.ts';

function listening() {
  const told: string[] = [];
  const reporter = combineReporters([
    {
      warned: (message) => told.push(message),
      phaseEnded: (phase) => told.push(phase),
      failed: () => told.push('failed'),
      stopping: () => told.push('stopping'),
      closed: async () => void told.push('closed'),
    },
  ]);
  return { told, reporter };
}

describe('combined reporters', () => {
  it('receive everything until the run fails', () => {
    const { told, reporter } = listening();
    reporter.warned('first');
    reporter.phaseEnded('syncing', 1);
    reporter.failed(new TimedOut('nothing has moved'));
    expect(told).toEqual(['first', 'syncing', 'failed']);
  });

  it('receive only the end of a run that moves again after that', async () => {
    const { told, reporter } = listening();
    reporter.failed(new TimedOut('nothing has moved'));
    reporter.phaseEnded('syncing', 1);
    reporter.warned('late');
    reporter.stopping();
    reporter.failed(new Error('again'));
    await reporter.closed();
    expect(told).toEqual(['failed', 'closed']);
  });
});
