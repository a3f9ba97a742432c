/** What the functions that serve one unit of Verifying share. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { Interrupted } from '../../model/run/errors.ts';
import { SystemError } from '../../linux/system-error.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isDirectory, type Entry } from '../../model/entry.ts';
import type { ProblemClass } from '../../model/run/problem.ts';
import type { MissingBelow, Verdict, VerdictClass } from '../../model/run/verdict.ts';
import { classOfSourceFailure } from '../../policy/judge-failure.ts';
import { stateHash } from '../../policy/compare/fingerprint.ts';
import type { LeftNames } from '../../engine/messages/left-names.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import type { Suspicion } from '../../engine/messages/findings.ts';

export interface VerifyingScope {
  readonly context: WorkerContext;
  readonly suspicions: Suspicion[];
  /** Their content is yet to be compared. */
  readonly largeFiles: LargeFile[];
  readonly found: (child: DirectoryTask) => void;
  readonly judgeExtraneous: boolean;
  /** Undefined: there was no Preparing, and all that the options leave alone is left. */
  readonly left: LeftNames | undefined;
  /** Undefined: nothing is walked, and so nothing is counted. */
  readonly missingBelow?: MissingBelow;
  /** Of the one entry that is verified, where the plan tells it. */
  readonly preparedState?: number | undefined;
}

export interface Suspected {
  readonly class: VerdictClass;
  readonly path: ByteString;
  readonly differences?: Differences;
  readonly detail: Shown;
  readonly digests?: { readonly source: string; readonly destination: string };
  readonly failure?: Verdict['failure'];
  /** The source's entry as it is now. */
  readonly source?: Entry;
}

export function suspect(scope: VerifyingScope, suspected: Suspected): void {
  const { class: verdictClass, path, differences = 0, detail, digests, failure, source } = suspected;
  scope.suspicions.push({
    verdict: {
      class: verdictClass,
      path,
      differences,
      detail,
      ...(failure && { failure }),
      ...(digests && { sourceDigest: digests.source, destinationDigest: digests.destination }),
    },
    isDirectory: source !== undefined && isDirectory(source),
    sourceState: source === undefined ? undefined : stateHash(source),
    preparedState: scope.preparedState,
  });
}

export function suspectMissing(scope: VerifyingScope, path: ByteString, source: Entry): void {
  const detail = 'not at the destination';
  suspect(scope, { class: 'missing', path, differences: Difference.missing, detail, source });
}

/** A call that failed: what could not be read is not proven. */
export function suspectUnread(
  scope: VerifyingScope,
  error: unknown,
  at: { path: ByteString; side: 'source' | 'destination' },
): void {
  // In the middle of a file: nothing is said of it.
  if (error instanceof Interrupted) return;
  if (!(error instanceof SystemError)) throw error;
  const side = error.side ?? at.side;
  const reason = `${side}: ${error.reason}`;
  const unread = side === 'source' ? classOfSourceFailure(error.code, error.syscall) : 'failed';
  const failure = { side, code: error.code };
  suspect(scope, { path: at.path, ...UNREAD[unread](reason), ...(unread === 'failed' && { failure }) });
}

const UNREAD: Readonly<Record<ProblemClass, (reason: Shown) => Pick<Suspected, 'class' | 'detail'>>> = {
  vanished: () => ({ class: 'source vanished', detail: 'gone from the source' }),
  changed: (reason) => ({ class: 'source changed', detail: reason }),
  failed: (reason) => ({ class: 'read error', detail: reason }),
};
