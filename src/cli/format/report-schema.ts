/** The JSON Schema of `--report=FILE.json`, for programs that read it. */
import { Difference } from '../../model/change.ts';
import { COUNTER_NAMES } from '../../model/tally.ts';
import type { Status } from '../../model/outcome.ts';
import type { VerdictClass } from '../../model/verdict.ts';

type Schema = Readonly<Record<string, unknown>>;

const COUNT: Schema = { type: 'integer', minimum: 0 };
const TEXT: Schema = { type: 'string' };
const PHASE: Schema = { enum: ['preparing', 'syncing', 'verifying'] };
const SIDE: Schema = { enum: ['source', 'destination'] };
const PROBLEM_CLASSES = ['failed', 'vanished', 'changed'];
const VERDICT_CLASSES = Object.keys({
  'content mismatch': true,
  'metadata differs': true,
  missing: true,
  extraneous: true,
  'kind differs': true,
  'links differ': true,
  'name taken': true,
  'source changed': true,
  'source vanished': true,
  'read error': true,
} satisfies Record<VerdictClass, true>);

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

/** All are required but those that are named. */
function object(properties: Schema, { optional = [] }: { optional?: readonly string[] } = {}): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', required, properties };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A path or a name, with its bytes where they are not UTF-8. */
function name(key: string): Schema {
  return { [key]: TEXT, [`${key}Base64`]: { type: 'string', contentEncoding: 'base64' } };
}

function countsOf(names: readonly string[]): Schema {
  return Object.fromEntries(names.map((each) => [each, COUNT]));
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

const VERDICT = object(
  {
    class: { enum: VERDICT_CLASSES },
    ...name('path'),
    differences: list({ enum: Object.keys(Difference) }),
    detail: TEXT,
    sourceDigest: TEXT,
    destinationDigest: TEXT,
  },
  { optional: ['pathBase64', 'sourceDigest', 'destinationDigest'] },
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

const REPORT = object(
  {
    event: { const: 'report' },
    version: TEXT,
    command: { enum: ['sync', 'prepare', 'verify'] },
    status: { enum: STATUSES },
    exitStatus: COUNT,
    ...name('task'),
    ...name('source'),
    ...name('destination'),
    startedAt: { type: 'string', format: 'date-time' },
    elapsedMs: COUNT,
    phases: list(object({ phase: PHASE, elapsedMs: COUNT })),
    tally: object(countsOf(COUNTER_NAMES)),
    problemCounts: object(countsOf(PROBLEM_CLASSES)),
    problems: list(PROBLEM),
    verdictCounts: object(countsOf(VERDICT_CLASSES), { optional: VERDICT_CLASSES }),
    verdicts: list(VERDICT),
    deleteLimitReached: { type: 'boolean' },
    notes: list(TEXT),
    statistics: STATISTICS,
  },
  { optional: ['task', 'taskBase64', 'sourceBase64', 'destinationBase64', 'statistics'] },
);

const ERROR = object(
  {
    event: { const: 'error' },
    version: TEXT,
    name: TEXT,
    message: TEXT,
    code: TEXT,
    ...name('path'),
    exitStatus: COUNT,
  },
  { optional: ['code', 'path', 'pathBase64'] },
);
