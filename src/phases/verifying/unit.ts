/** One unit of Verifying as its functions see it. */
import { Interrupted } from '../../errors.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import type { Differences } from '../../model/change.ts';
import { isDirectory, type Entry } from '../../model/entry.ts';
import type { ProblemClass } from '../../model/problem.ts';
import type { Verdict, VerdictClass } from '../../model/verdict.ts';
import { classOfSourceFailure } from '../../policy/source-failure.ts';
import { stateHash } from '../../policy/fingerprint.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { LargeFile } from '../walking/large-file.ts';
import type { Suspicion } from './suspicion.ts';
import { verifiedRecordBytes, type VerifiedRecord } from './verified-record.ts';

export interface VerifyingUnit {
  readonly context: WorkerContext;
  readonly suspicions: Suspicion[];
  /** Their content is yet to be compared. */
  readonly largeFiles: LargeFile[];
  readonly found: (child: DirectoryTask) => void;
  readonly judgeExtraneous: boolean;
  /** Of the one entry that is verified, where the plan tells it. */
  readonly preparedState?: number | undefined;
}

export interface Suspected {
  readonly class: VerdictClass;
  readonly path: string;
  readonly differences?: Differences;
  readonly detail: string;
  readonly digests?: { readonly source: string; readonly destination: string };
  readonly failure?: Verdict['failure'];
  /** The source's entry as it is now. */
  readonly source?: Entry;
}

export function suspect(unit: VerifyingUnit, suspected: Suspected): void {
  const { class: verdictClass, path, differences = 0, detail, digests, failure, source } = suspected;
  unit.suspicions.push({
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
    preparedState: unit.preparedState,
  });
}

/** For the manifest, where there is to be one. */
export function noteVerified({ context }: VerifyingUnit, record: VerifiedRecord): void {
  context.verified?.append(verifiedRecordBytes(record));
}

/** A call that failed: what could not be read is not proven. */
export function suspectUnread(
  unit: VerifyingUnit,
  error: unknown,
  at: { path: string; side: 'source' | 'destination' },
): void {
  // In the middle of a file: nothing is said of it.
  if (error instanceof Interrupted) return;
  if (!(error instanceof SystemError)) throw error;
  const side = error.side ?? at.side;
  const reason = `${side}: ${error.reason}`;
  const unread = side === 'source' ? classOfSourceFailure(error.code, error.syscall) : 'failed';
  const failure = { side, code: error.code };
  suspect(unit, { path: at.path, ...UNREAD[unread](reason), ...(unread === 'failed' && { failure }) });
}

const UNREAD: Readonly<Record<ProblemClass, (reason: string) => Pick<Suspected, 'class' | 'detail'>>> = {
  vanished: () => ({ class: 'source vanished', detail: 'gone from the source' }),
  changed: (reason) => ({ class: 'source changed', detail: reason }),
  failed: (reason) => ({ class: 'read error', detail: reason }),
};
