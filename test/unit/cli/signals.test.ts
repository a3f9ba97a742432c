/** The first signal stops the run, and from then on Node's own action is back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchSignals } from '../../../src/cli/signals.ts';

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ALL = [...STOPPING, 'SIGUSR1'] as const;

interface Watched {
  readonly signal: AbortSignal;
  readonly told: string[];
}

let unwatch: () => void;

/** The number of listeners for each signal. */
function handlers(): number[] {
  return ALL.map((name) => process.listenerCount(name));
}

function watch(handlesHangup = false): Watched {
  const told: string[] = [];
  const watched = watchSignals({
    onFirst: (name) => told.push(name),
    onHangup: handlesHangup ? () => told.push('hung up') : undefined,
    onProgressAsked: () => told.push('progress'),
  });
  unwatch = watched.unwatch;
  return { signal: watched.signal, told };
}

/** Emits the signal as Node would. */
function arrive(name: (typeof ALL)[number]): void {
  process.emit(name, name);
}

/** Saved and removed, so that the test runner does not see these signals. */
const others = new Map<NodeJS.Signals, NodeJS.SignalsListener[]>();

beforeEach(() => {
  for (const name of ALL) {
    others.set(name, process.listeners(name));
    process.removeAllListeners(name);
  }
  unwatch = () => undefined;
});
afterEach(() => {
  unwatch();
  for (const [name, listeners] of others) for (const each of listeners) process.on(name, each);
});

describe.each(STOPPING)('the first %s', (name) => {
  it('stops the run, and says why', () => {
    const { signal, told } = watch();
    arrive(name);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(name);
    expect(told).toEqual([name]);
  });

  it('leaves every other signal to end the process', () => {
    watch();
    expect(handlers()).toEqual([1, 1, 1, 1]);
    arrive(name);
    expect(handlers()).toEqual([0, 0, 0, 1]);
  });
});

describe('a hangup', () => {
  it('is handled if there is a handler, any number of times, and stops nothing', () => {
    const { signal, told } = watch(true);
    arrive('SIGHUP');
    arrive('SIGHUP');
    expect(told).toEqual(['hung up', 'hung up']);
    expect(signal.aborted).toBe(false);
  });

  it('is still handled once another signal has stopped the run', () => {
    const { told } = watch(true);
    arrive('SIGTERM');
    expect(handlers()).toEqual([0, 0, 1, 1]);
    arrive('SIGHUP');
    expect(told).toEqual(['SIGTERM', 'hung up']);
  });
});

it('a request for progress is answered, and the run goes on', () => {
  const { signal, told } = watch();
  arrive('SIGUSR1');
  arrive('SIGUSR1');
  expect(told).toEqual(['progress', 'progress']);
  expect(signal.aborted).toBe(false);
});

it('progress is still printed while the run cleans up', () => {
  const { told } = watch();
  arrive('SIGINT');
  arrive('SIGUSR1');
  expect(told).toEqual(['SIGINT', 'progress']);
});

const earlier = (): void => undefined;

describe('no signal is handled any more', () => {
  it.each([
    ['after the run', false],
    ['after a run with a log', true],
  ])('%s', (_, handlesHangup) => {
    watch(handlesHangup);
    unwatch();
    expect(handlers()).toEqual([0, 0, 0, 0]);
  });

  it('except by earlier handlers', () => {
    process.on('SIGINT', earlier);
    watch();
    arrive('SIGINT');
    unwatch();
    expect(process.listeners('SIGINT')).toEqual([earlier]);
    process.removeListener('SIGINT', earlier);
  });
});
