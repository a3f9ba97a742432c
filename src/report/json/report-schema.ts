/** The JSON Schema of `--report=FILE.json`, for programs that read it. */
import { VERDICT_CLASSES } from '../../model/run/verdict.ts';
import { Difference } from '../../model/change.ts';
import { DEFAULT_SETTINGS } from '../../model/settings.ts';
import { type ComparedContent, METADATA_NAMES, type Scope, type Status } from '../../model/run/outcome.ts';
import { COUNTER_NAMES, LEFT_ALONE_CAUSES } from '../../model/tally.ts';
import { COUNT, countsOf, list, name, object, optionalNames, type Schema, TEXT } from './schema-parts.ts';

const TIME: Schema = { type: 'string', format: 'date-time' };
const PHASE: Schema = { enum: ['preparing', 'syncing', 'verifying'] };
const SIDE: Schema = { enum: ['source', 'destination'] };
const PRESERVED = Object.keys(DEFAULT_SETTINGS.preserve).filter((each) => each !== 'ownerRequired');
const PROBLEM_CLASSES = ['failed', 'vanished', 'changed'];
const STATUSES = Object.keys({
  Success: true,
  Incomplete: true,
  'Verification failure': true,
  Error: true,
  Interrupted: true,
} satisfies Record<Status, true>);

export function reportSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A report of efs-sync',
    description: 'How a run ended: its report, or the error that it ended with.',
    oneOf: [REPORT, ERROR],
  };
}

const PROBLEM = object(
  {
    class: { enum: PROBLEM_CLASSES },
    phase: PHASE,
    side: SIDE,
    ...name('path'),
    attempt: TEXT,
    code: TEXT,
    reason: TEXT,
  },
  { optional: ['pathBase64'] },
);

const BELOW = object({ directories: COUNT, others: COUNT, unlisted: COUNT });

const VERDICT = object(
  {
    class: { enum: VERDICT_CLASSES },
    ...name('path'),
    differences: list({ enum: Object.keys(Difference) }),
    detail: TEXT,
    below: BELOW,
    sourceDigest: TEXT,
    destinationDigest: TEXT,
  },
  { optional: ['pathBase64', 'below', 'sourceDigest', 'destinationDigest'] },
);

const STATISTICS = object({
  timeSeries: list(object({ phase: PHASE, startMs: COUNT, elapsedMs: COUNT, entries: COUNT, bytes: COUNT })),
  slowestDirectories: list(
    object({ phase: PHASE, ...name('path'), elapsedMs: COUNT }, { optional: ['pathBase64'] }),
  ),
  fileSizes: list(
    object({ largestBytes: COUNT, files: COUNT, bytes: COUNT }, { optional: ['largestBytes'] }),
  ),
});

const CHANGE = object(
  { itemized: TEXT, ...name('path'), ...name('linkedTo'), sizeBytes: COUNT },
  { optional: ['pathBase64', 'linkedTo', 'linkedToBase64'] },
);

const OPTION = object(
  { name: TEXT, value: { anyOf: [TEXT, { type: 'boolean' }] }, valueBase64: TEXT, ...name('origin') },
  { optional: ['valueBase64', 'originBase64'] },
);

const MOUNT = object(
  {
    type: TEXT,
    ...name('source'),
    ...name('mountPoint'),
    ...name('rootPath'),
    options: list(TEXT),
  },
  { optional: ['sourceBase64', 'mountPointBase64', 'rootPathBase64'] },
);

const ROOT = object({ ...name('realPath'), mount: MOUNT }, { optional: ['realPathBase64', 'mount'] });

const ORIGIN = { host: TEXT, user: TEXT, uid: COUNT, options: list(OPTION) };

const FILTER = object(
  { action: { enum: ['include', 'exclude'] }, ...name('pattern') },
  { optional: ['patternBase64'] },
);

const SETTINGS = object(
  {
    verify: { enum: ['full', 'transferred', 'none'] },
    repair: { type: 'boolean' },
    digest: { enum: ['xxh64', 'sha256'] },
    checksum: { type: 'boolean' },
    sizeOnly: { type: 'boolean' },
    ignoreTimes: { type: 'boolean' },
    usermap: { type: 'boolean' },
    groupmap: { type: 'boolean' },
    chmod: { type: 'boolean' },
    modifyWindow: { type: 'integer' },
    pruneEmptyDirs: { type: 'boolean' },
    safeLinks: { type: 'boolean' },
    copyLinks: { type: 'boolean' },
    copyDirlinks: { type: 'boolean' },
    copyUnsafeLinks: { type: 'boolean' },
    omitDirTimes: { type: 'boolean' },
    omitLinkTimes: { type: 'boolean' },
    preserve: list({ enum: PRESERVED }),
    overwrite: { enum: ['always', 'never', 'older'] },
    existing: { type: 'boolean' },
    delete: { type: 'boolean' },
    deleteExcluded: { type: 'boolean' },
    trackRenames: { type: 'boolean' },
    maxDelete: {
      oneOf: [object({ count: COUNT }), object({ percent: { type: 'number', minimum: 0, maximum: 100 } })],
    },
    filters: list(FILTER),
    filesFrom: { type: 'boolean' },
    ...name('onlyBelow'),
    minSizeBytes: COUNT,
    maxSizeBytes: COUNT,
    oneFileSystem: { type: 'boolean' },
    ...name('sourceSnapshot'),
  },
  {
    optional: [
      'maxDelete',
      'maxSizeBytes',
      'sourceSnapshot',
      'sourceSnapshotBase64',
      'onlyBelow',
      'onlyBelowBase64',
    ],
  },
);

const COVERAGE = object(
  {
    scope: { enum: ['everything', 'asked for', 'nothing'] satisfies Scope[] },
    content: { enum: ['all', 'transferred', 'none'] satisfies ComparedContent[] },
    leftAlone: object(countsOf(LEFT_ALONE_CAUSES)),
    listedPaths: COUNT,
    uncompared: list({ enum: METADATA_NAMES }),
    otherOwners: COUNT,
  },
  { optional: ['listedPaths'] },
);

const RULE = object(
  {
    rule: TEXT,
    hasMatched: { type: 'boolean' },
    names: object({ source: COUNT, destination: COUNT }),
  },
  { optional: ['names'] },
);

const REPORT = object(
  {
    event: { const: 'report' },
    version: TEXT,
    command: { enum: ['sync', 'prepare', 'verify'] },
    status: { enum: STATUSES },
    exitStatus: COUNT,
    coverage: COVERAGE,
    ...name('task'),
    ...name('source'),
    ...name('destination'),
    ...ORIGIN,
    roots: object({ source: ROOT, destination: ROOT }),
    settings: SETTINGS,
    startedAt: TIME,
    endedAt: TIME,
    elapsedMs: COUNT,
    phases: list(object({ phase: PHASE, elapsedMs: COUNT })),
    tally: object(countsOf(COUNTER_NAMES)),
    problemCounts: object(countsOf(PROBLEM_CLASSES)),
    problems: list(PROBLEM),
    verdictCounts: object(countsOf(VERDICT_CLASSES), { optional: VERDICT_CLASSES }),
    verdicts: list(VERDICT),
    repairCounts: object(countsOf(VERDICT_CLASSES), { optional: VERDICT_CLASSES }),
    repairs: list(VERDICT),
    missingBelow: BELOW,
    deleteLimitReached: { type: 'boolean' },
    notes: list(TEXT),
    ...name('retryList'),
    filterRules: list(RULE),
    changes: list(CHANGE),
    statistics: STATISTICS,
  },
  {
    optional: [
      'sourceBase64',
      'destinationBase64',
      ...optionalNames('task', 'retryList'),
      'user',
      'filterRules',
      'repairCounts',
      'repairs',
      'changes',
      'statistics',
    ],
  },
);

/** A usage error has none of these; an error before the run began has no `report`. */
const ABOUT_RUN = ['command', ...Object.keys(ORIGIN), 'startedAt', 'report'];

const ERROR = object(
  {
    event: { const: 'error' },
    version: TEXT,
    name: TEXT,
    message: TEXT,
    code: TEXT,
    ...name('path'),
    exitStatus: COUNT,
    command: { enum: ['sync', 'verify'] },
    ...name('task'),
    ...name('source'),
    ...name('destination'),
    ...ORIGIN,
    startedAt: TIME,
    report: REPORT,
  },
  { optional: ['code', ...optionalNames('path', 'task', 'source', 'destination'), ...ABOUT_RUN] },
);
