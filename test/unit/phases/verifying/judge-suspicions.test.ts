/** A difference is a wrong copy, unless the source moved on since Preparing noted its state. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fingerprints } from '../../../../src/engine/context/fingerprints.ts';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { Suspicion } from '../../../../src/engine/messages/findings.ts';
import { Spool } from '../../../../src/filesystem/spool.ts';
import type { Entry } from '../../../../src/model/entry.ts';
import type { VerdictClass } from '../../../../src/model/run/verdict.ts';
import { judgeSuspicions } from '../../../../src/phases/verifying/judge-suspicions.ts';
import { stateHash } from '../../../../src/policy/compare/fingerprint.ts';
import { entryOf } from '../../../support/entries.ts';
import { keepFingerprints, makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';
import { PROBLEM } from '../../../support/reports.ts';
import { partsOfRun, type Told } from '../../../support/run-parts.ts';

const BEFORE = entryOf();
const AFTER = entryOf({ mtimeSec: 1_700_000_000 });

let trees: TwoTrees;
let context: WorkerContext;

beforeEach(async () => {
  trees = await makeTwoTrees();
  context = trees.context();
});
afterEach(async () => trees.remove());

/** As Preparing does where it lists a directory. */
function note(path: string, names: Readonly<Record<string, Entry | 'directory'>>): void {
  const fingerprints = new Fingerprints(context, path);
  fingerprints.add('.', BEFORE);
  for (const [name, entry] of Object.entries(names)) {
    if (entry === 'directory') fingerprints.addDirectory(name);
    else fingerprints.add(name, entry);
  }
  fingerprints.end();
}

type Given = Partial<Omit<Suspicion, 'verdict'>> & { readonly class?: VerdictClass };

/** Of a file that is as it was, if nothing else is given. */
function suspicion(path: string, given: Given = {}): Suspicion {
  const { class: verdictClass = 'content mismatch', ...state } = given;
  return {
    verdict: { class: verdictClass, path, differences: 16, detail: 'differs' },
    isDirectory: false,
    sourceState: stateHash(BEFORE),
    preparedState: undefined,
    ...state,
  };
}

function judge(...suspicions: Suspicion[]): { classes: VerdictClass[]; told: Told } {
  keepFingerprints(trees, context);
  const { run, told } = partsOfRun(trees);
  const verdicts = judgeSuspicions(run, suspicions);
  expect(told.verdicts).toEqual(verdicts);
  expect(run.results.verdicts).toEqual(verdicts);
  return { classes: verdicts.map((verdict) => verdict.class), told };
}

function classOf(path: string, given?: Given): VerdictClass | undefined {
  return judge(suspicion(path, given)).classes[0];
}

describe('a name of a directory that Preparing listed', () => {
  it.each<[string, Given, VerdictClass]>([
    ['is as it was', {}, 'content mismatch'],
    ['has changed', { sourceState: stateHash(AFTER) }, 'source changed'],
    ['is gone, which explains no content', { sourceState: undefined }, 'content mismatch'],
    ['is gone', { sourceState: undefined, class: 'extraneous' }, 'source vanished'],
    ['is still there, and yet extraneous', { class: 'extraneous' }, 'extraneous'],
  ])('%s', (_, given, found) => {
    note('d', { file: BEFORE });
    expect(classOf('d/file', given)).toBe(found);
  });

  it('is new, or was never there', () => {
    note('d', { other: BEFORE });
    expect(classOf('d/file')).toBe('source changed');
    expect(classOf('d/file', { sourceState: undefined, class: 'extraneous' })).toBe('extraneous');
  });

  it('was noted twice, and is as one of them', () => {
    note('d', { file: BEFORE });
    note('d', { file: AFTER, other: AFTER });
    expect(classOf('d/file')).toBe('content mismatch');
    expect(classOf('d/file', { sourceState: stateHash(AFTER) })).toBe('content mismatch');
    expect(classOf('d/other')).toBe('source changed');
  });

  it('keeps its verdict but for the class', () => {
    note('d', { file: BEFORE });
    const { told } = judge(suspicion('d/file', { sourceState: stateHash(AFTER) }));
    expect(told.verdicts).toEqual([
      { class: 'source changed', path: 'd/file', differences: 16, detail: 'differs' },
    ]);
  });
});

describe('a directory', () => {
  const directory: Given = { class: 'metadata differs', isDirectory: true };

  it('is known by the state that was noted in it, not by its name above', () => {
    note('', { d: 'directory' });
    note('d', {});
    expect(classOf('d', directory)).toBe('metadata differs');
    expect(classOf('d', { ...directory, sourceState: stateHash(AFTER) })).toBe('source changed');
  });

  it('has changed if it was listed, then opened as something else', () => {
    note('', { d: 'directory' });
    note('', { d: BEFORE });
    expect(classOf('d', { ...directory, class: 'kind differs' })).toBe('source changed');
    expect(classOf('d/file')).toBe('source changed');
  });
});

describe('a name of a directory that Preparing did not list', () => {
  const changed = { sourceState: stateHash(AFTER) };

  it('proves nothing where the directory was there', () => {
    note('', { d: 'directory' });
    expect(classOf('d/file', changed)).toBe('content mismatch');
  });

  it('is new where the directory was not there, or was a file', () => {
    note('', { d: BEFORE });
    expect(classOf('d/file')).toBe('source changed');
    expect(classOf('e/file')).toBe('source changed');
  });

  it('is judged by the first directory above that was listed', () => {
    note('', { a: 'directory' });
    expect(classOf('a/b/c/file', changed)).toBe('content mismatch');
    expect(classOf('z/b/c/file')).toBe('source changed');
  });

  it('proves nothing where not even the root was listed', () => {
    expect(classOf('a/file', changed)).toBe('content mismatch');
    expect(classOf('file', changed)).toBe('content mismatch');
  });
});

const linked = (one: Entry, other: Entry): Given => ({
  class: 'links differ',
  sourceState: stateHash(one),
  linkedTo: { path: 'd/other', isDirectory: false, sourceState: stateHash(other) },
});

describe('a link between two names', () => {
  it.each<[Entry, Entry, VerdictClass]>([
    [BEFORE, BEFORE, 'links differ'],
    [AFTER, BEFORE, 'source changed'],
    [BEFORE, AFTER, 'source changed'],
  ])('is explained where either has changed: %#', (one, other, found) => {
    note('', { file: BEFORE });
    note('d', { other: BEFORE });
    expect(classOf('file', linked(one, other))).toBe(found);
  });

  it('is explained by the other where nothing is known of the one', () => {
    note('d', { other: BEFORE });
    expect(classOf('file', linked(BEFORE, AFTER))).toBe('source changed');
  });
});

it('a state from the plan is taken before what was noted, and nothing is read', () => {
  const unreadable = new Spool(-1);
  unreadable.append(Buffer.of(1));
  const { run } = partsOfRun({ spools: { ...trees.spools, fingerprints: unreadable } });
  const same = suspicion('file', { preparedState: stateHash(BEFORE) });
  const other = suspicion('file', { preparedState: stateHash(AFTER) });
  const verdicts = judgeSuspicions(run, [same, other]);
  expect(verdicts.map((verdict) => verdict.class)).toEqual(['content mismatch', 'source changed']);
});

it('suspicions of several directories are judged together, in their order', () => {
  note('', { a: BEFORE, d: 'directory' });
  note('d', { a: AFTER, b: BEFORE });
  expect(judge(suspicion('d/a'), suspicion('a'), suspicion('d/b')).classes).toEqual([
    'source changed',
    'content mismatch',
    'content mismatch',
  ]);
});

it('a path whose failure was reported is judged, and not reported again', () => {
  note('', { file: BEFORE, other: BEFORE });
  keepFingerprints(trees, context);
  const { run, told } = partsOfRun(trees);
  run.results.addProblem({ ...PROBLEM, path: 'file', attempt: 'copy' });
  const verdicts = judgeSuspicions(run, [suspicion('file'), suspicion('other')]);
  expect(verdicts.map(({ path }) => path)).toEqual(['file', 'other']);
  expect(told.verdicts.map(({ path }) => path)).toEqual(['other']);
  expect(run.results.verdictCounts).toEqual({ 'content mismatch': 1 });
});
