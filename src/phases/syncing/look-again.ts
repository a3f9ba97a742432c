/**
 * Without Verifying, checks recently changed files once more at the end. They were probably in use, and their
 * timestamps may not show a write that the copy met.
 */
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, SystemError } from '../../linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { FILES_PER_LOOK } from '../../model/concurrency.ts';
import { stateHash } from '../../policy/compare/fingerprint.ts';
import {
  newFindings,
  problemFrom,
  problemOf,
  type Findings,
  type UnsettledFile,
} from '../../engine/messages/findings.ts';
import { retrying } from '../../engine/context/retrying.ts';
import { runUnit, type Run } from '../../engine/context/run.ts';
import type { LookAgainUnit } from '../../engine/messages/units.ts';
import type { AttemptContext, WorkerContext } from '../../engine/context/worker-context.ts';

/** @throws FatalError, Interrupted */
export async function lookAgain(run: Run): Promise<void> {
  const { unsettled } = run.results;
  const units: LookAgainUnit[] = [];
  for (let at = 0; at < unsettled.length; at += FILES_PER_LOOK) {
    units.push({ unit: 'lookAgain', files: unsettled.slice(at, at + FILES_PER_LOOK) });
  }
  await forEachLane(units, run.crew.unitsUnderWay, async (scope) => void (await runUnit(run, scope)));
}

/** Per file: one statx answered by the server, in a directory opened for it. */
export async function serveLookAgain(context: WorkerContext, { files }: LookAgainUnit): Promise<Findings> {
  const findings = newFindings();
  await forEachLane(files, context.laneCount, async (file) => {
    context.heartbeat.beat();
    const at = { phase: 'syncing', side: 'source', path: file.path, attempt: 'copy' } as const;
    try {
      if ((await stateNow(context, file)) === file.state) return;
      findings.problems.push(problemOf('changed', at, CHANGED));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      findings.problems.push(problemFrom(error, at));
    }
  });
  return findings;
}

const CHANGED = 'it was being changed while it was copied, and has changed again since then';

function stateNow(context: AttemptContext, { path }: UnsettledFile): Promise<number> {
  return retrying(context, () =>
    withDirectory(context.source, parentPath(path), async (directory) => {
      const stat = new StatBuffer();
      check(await statName(directory, lastName(path), stat, 'server'), 'statx', path);
      return stateHash(stat);
    }),
  );
}
