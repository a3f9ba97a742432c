/** The worker's side of Verifying a large file, once its ranges were compared. */
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { newFindings, type Suspicion } from '../../engine/messages/findings.ts';
import type { ConcludeFileResult, ConcludeFileUnit } from '../../engine/messages/large-file.ts';
import { withBothDirectories } from '../../engine/march/both-sides.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { suspectUnread, type VerifyingScope } from './verifying-scope.ts';
import {
  compareContent,
  judge,
  namesOf,
  type ComparedEntries,
  type ContentResult,
} from './verify-content.ts';

export async function serveConcludeFile(
  context: WorkerContext,
  work: ConcludeFileUnit,
): Promise<ConcludeFileResult> {
  const suspicions: Suspicion[] = [];
  const { directoryPath, name, source, destination, differences, unjudged, preparedState } = work.file;
  const scope: VerifyingScope = {
    context,
    suspicions,
    largeFiles: [],
    found: () => undefined,
    judgeExtraneous: false,
    left: undefined,
    preparedState,
  };
  const compared = { path: childPath(directoryPath, name), source, destination, differences, unjudged };
  try {
    judge(scope, compared, await contentOf(scope, work, compared));
  } catch (error) {
    suspectUnread(scope, error, { path: compared.path, side: 'source' });
  }
  return { unit: 'concludeFile', findings: newFindings(), suspicions };
}

/**
 * Ranges prove that content is equal. What differs, or cannot be read, this worker reads from start to
 * end: it names the call that fails, and has both digests.
 */
async function contentOf(
  scope: VerifyingScope,
  { file, content, countedBytes }: ConcludeFileUnit,
  compared: ComparedEntries,
): Promise<ContentResult | 'source changed'> {
  const { context } = scope;
  if (content === 'equal') {
    context.counters.add('filesVerified', 1);
    return { differences: 0 };
  }
  context.counters.add('bytesVerified', -countedBytes);
  const { directoryPath, name } = file;
  const found = await withBothDirectories(context, directoryPath, (from, to) =>
    retryInBoth(context, { source: from, destination: to }, (source, destination) =>
      compareContent(scope, namesOf({ source, destination, name }), compared),
    ),
  );
  if (content === 'unread' || found === 'source changed') return found;
  // A difference that was read stays one, also where it is not read again.
  return { ...found, differences: found.differences | Difference.content };
}
