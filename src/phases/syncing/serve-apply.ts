/** The worker's side of Syncing: reads the records of a unit and applies each. */
import { forEachLane } from '../../flow/lanes.ts';
import { LANES_PER_DIRECTORY, lanesPerUnit } from '../../model/concurrency.ts';
import { type BinaryReader, readersOf } from '../../engine/plan/binary.ts';
import { readDirectoryRecord, readRemovalRecord, readRespellingRecord } from '../../engine/plan/records.ts';
import { readSection } from '../../engine/plan/section.ts';
import { timeDirectory } from '../../engine/context/statistics.ts';
import type { ApplyResult, ApplyUnit } from '../../engine/messages/units.ts';
import type { LargeCopy } from '../../engine/messages/copy-steps.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { applySection } from './apply-section.ts';
import { isInTaken, newApplyingScope, type ApplyingScope } from './scope/applying-scope.ts';
import { placeDelayed } from './delayed-files.ts';
import { finishDirectory } from './finish-directories.ts';
import { makeDirectory } from './names/make-directories.ts';
import { removeNames } from './names/remove-names.ts';
import { respellNames } from './names/respell-names.ts';

type Apply = (scope: ApplyingScope, reader: BinaryReader, laneCount: number) => Promise<void>;

export async function serveApply(context: WorkerContext, work: ApplyUnit): Promise<ApplyResult> {
  const largeFiles: LargeCopy[] = [];
  const mayReplaceLeader = work.unit === 'applySections' && work.mayReplaceLeader;
  const { taken: takenBefore = [] } = work;
  const scope = newApplyingScope(context, largeFiles, mayReplaceLeader);
  scope.taken.push(...takenBefore);
  const readers = readersOf(work.records);
  const apply = applierOf(work);
  const lanes = lanesFor(context.laneCount, readers.length);
  await forEachLane(readers, lanes.directories, async (reader) => {
    if (context.stop.isRaised) return;
    context.heartbeat.beat();
    await apply(scope, reader, lanes.inEach);
  });
  const { findings, refusals, foundThere } = scope;
  const taken = scope.taken.slice(takenBefore.length);
  const result = { unit: work.unit, findings, largeFiles, taken, foundThere };
  if (refusals.names === 0) return result;
  const refused = { records: context.plan.takeRecords(), limit: refusals.limit };
  return { refused, ...result };
}

/** A directory alone in its unit gets more lanes, as it may be the last one left. */
function lanesFor(laneCount: number, directoryCount: number): { directories: number; inEach: number } {
  const directories = lanesPerUnit(laneCount);
  const inEach = directoryCount === 1 ? laneCount : Math.max(1, Math.floor(directories / directoryCount));
  return { directories, inEach: Math.min(inEach, LANES_PER_DIRECTORY) };
}

function applierOf(work: ApplyUnit): Apply {
  switch (work.unit) {
    case 'applySections':
      return async (scope, reader, laneCount) => {
        const section = readSection(reader);
        const path = section.directoryPath;
        if (isInTaken(scope, path)) return;
        const share = { laneCount, filesToTransfer: work.filesToTransfer };
        await timeDirectory(scope, { phase: 'syncing', path }, () => applySection(scope, section, share));
      };
    case 'placeFiles':
      return async (scope, reader) => {
        const section = readSection(reader);
        if (!isInTaken(scope, section.directoryPath)) await placeDelayed(scope, section);
      };
    case 'removeNames':
      return (scope, reader) => removeNames(scope, readRemovalRecord(reader), work.foundThere);
    case 'respellNames':
      return (scope, reader) => respellNames(scope, readRespellingRecord(reader));
    case 'makeDirectories':
      return async (scope, reader) => {
        const record = readDirectoryRecord(reader);
        const isMade = record.action === 'create' || record.action === 'claim';
        if (isMade && !isInTaken(scope, record.path)) await makeDirectory(scope, record);
      };
    default:
      return async (scope, reader) => {
        const record = readDirectoryRecord(reader);
        if (!isInTaken(scope, record.path)) await finishDirectory(scope, record, work);
      };
  }
}
