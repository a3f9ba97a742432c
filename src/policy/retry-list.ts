/** Which paths of a run are worth another try by themselves, as a list for `--files-from`. */
import type { ByteString } from '../model/byte-string.ts';
import { accountsFor, type Problem } from '../model/run/problem.ts';
import { REPORT_LIST_LIMIT, type Report } from '../model/run/report.ts';
import type { Verdict, VerdictClass } from '../model/run/verdict.ts';
import type { Settings } from '../model/settings.ts';

export interface RetryList {
  /** What the file holds, latin1. */
  readonly text: string;
  readonly paths: number;
  /** The run found more than it can list. */
  readonly isCut: boolean;
  /** Beside `--files-from`. */
  readonly options: readonly string[];
}

interface Listed {
  readonly path: ByteString;
  /** With everything below it. */
  readonly isTree: boolean;
}

/** A copy of the path mends them. */
const MENDED: ReadonlySet<VerdictClass> = new Set<VerdictClass>([
  'content mismatch',
  'metadata differs',
  'missing',
  'kind differs',
  'source changed',
  'read error',
]);

type Ended = Pick<Report, 'problems' | 'verdicts' | 'task'>;

/** Undefined: there are none, or a list does not mend them. What the root's metadata lack a whole run sets. */
export function retryListOf({ problems, verdicts, task }: Ended): RetryList | undefined {
  if (!takesList(task.settings)) return undefined;
  const listed = [...problems.flatMap(listedProblem), ...verdicts.flatMap(listedVerdict)];
  // What is in a root that failed nobody knows.
  if (listed.length === 0 || listed.some(({ path }) => path === '')) return undefined;
  const trees = new Set(listed.filter(({ isTree }) => isTree).map(({ path }) => path));
  const paths = [...new Set(listed.map(({ path }) => path))].toSorted();
  const end = paths.some((path) => /[\r\n]/.test(path)) ? '\0' : '\n';
  const options = [
    ...(trees.size > 0 ? ['-r'] : []),
    ...(end === '\0' ? ['-0'] : []),
    ...(verdicts.some((verdict) => verdict.class === 'content mismatch') ? ['-c'] : []),
  ];
  return {
    // Nothing that begins so is taken for a comment.
    text: paths.map((path) => `./${path}${end}`).join(''),
    paths: paths.length,
    isCut: problems.length >= REPORT_LIST_LIMIT || verdicts.length >= REPORT_LIST_LIMIT,
    options,
  };
}

/** Whether a list can take the place of what these settings select. */
function takesList({ filters, onlyName, onlyBelow }: Settings): boolean {
  const isPart = onlyName !== undefined || onlyBelow !== undefined;
  return !isPart && filters.every(({ action }) => action !== 'merge');
}

function listedProblem({ class: problemClass, path, attempt }: Problem): Listed[] {
  const isDeletion = attempt === 'delete' || attempt === 'delete directory';
  if (isDeletion || problemClass === 'vanished') return [];
  if (path === '' && accountsFor(attempt) === 'metadata') return [];
  return [{ path, isTree: accountsFor(attempt) === 'subtree' }];
}

function listedVerdict({ class: verdictClass, path, below }: Verdict): Listed[] {
  const isOfRoot = path === '' && verdictClass === 'metadata differs';
  return MENDED.has(verdictClass) && !isOfRoot ? [{ path, isTree: below !== undefined }] : [];
}
