/** What isolates share: each test looks at one buffer through two objects, as two isolates do. */
import { describe, expect, it } from 'vitest';
import { Activity } from '../../../src/flow/activity.ts';
import { Counters } from '../../../src/flow/counters.ts';
import { StopFlag } from '../../../src/flow/stop-flag.ts';

describe('Counters', () => {
  const NAMES = ['files', 'bytes'] as const;

  it('adds up what every row counted, as seen from any', () => {
    const main = new Counters(NAMES, { rows: 3, row: 2 });
    const workers = [0, 1].map((row) => new Counters(NAMES, { rows: 3, row, shared: main.shared }));
    expect(main.totals()).toEqual({ files: 0, bytes: 0 });
    workers[0]?.add('files', 1);
    workers[1]?.add('files', 2);
    workers[1]?.add('bytes', 2 ** 40);
    workers[0]?.add('bytes', 1);
    main.add('bytes', 1);
    workers[0]?.add('bytes', -1);
    const totals = { files: 3, bytes: 2 ** 40 + 1 };
    for (const counters of [main, ...workers]) expect(counters.totals()).toEqual(totals);
  });

  it('writes each row in a place of its own', () => {
    const rows = [0, 1, 2];
    const first = new Counters(NAMES, { rows: 3, row: 0 });
    for (const row of rows) new Counters(NAMES, { rows: 3, row, shared: first.shared }).add('files', 1);
    expect([...new Float64Array(first.shared)].filter((cell) => cell === 1)).toHaveLength(3);
  });
});

describe('Activity', () => {
  it('shows another isolate what this one is at, until it ends it', () => {
    const own = new Activity();
    const seen = new Activity(own.shared);
    const reading = own.begin('read a/\xff\n');
    own.begin('write b');
    expect(seen.list().toSorted()).toEqual(['read a/\xff\n', 'write b']);
    own.end(reading);
    expect(seen.list()).toEqual(['write b']);
  });

  it('cuts what is too long, and leaves the neighbours alone', () => {
    const activity = new Activity();
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(5000));
    for (const text of texts) activity.begin(text);
    expect(activity.list().toSorted()).toEqual(texts.map((text) => text.slice(0, 510)));
  });

  it('notes nothing more where all slots are taken, and takes a slot again when one is free', () => {
    const activity = new Activity();
    const slots = Array.from({ length: 128 }, (_, lane) => activity.begin(`lane ${lane}`));
    expect(slots).not.toContain(undefined);
    expect(activity.begin('one too many')).toBeUndefined();
    activity.end(undefined);
    expect(activity.list()).toHaveLength(128);
    activity.end(slots[7]);
    activity.begin('again');
    const busy = activity.list();
    expect(busy).toHaveLength(128);
    expect(busy).toContain('again');
    expect(busy).not.toContain('lane 7');
  });
});

describe('StopFlag', () => {
  it('is seen raised through every object on its memory, for good', () => {
    const main = new StopFlag();
    const worker = new StopFlag(main.shared);
    expect([main.isRaised, worker.isRaised]).toEqual([false, false]);
    main.raise();
    main.raise();
    expect([main.isRaised, worker.isRaised]).toEqual([true, true]);
    expect(new StopFlag().isRaised).toBe(false);
  });
});
