/** The worker's side of Syncing: reads the records of a unit and applies each. */
import { forEachLane } from '../../flow/lanes.ts';
import { BinaryReader } from '../plan/binary.ts';
import { readDirectoryRecord } from '../plan/directory-record.ts';
import { readRecord } from '../plan/read-record.ts';
import { readRemovalRecord } from '../plan/removal-record.ts';
import { readRespellingRecord } from '../plan/respelling-record.ts';
import { refsIn } from '../plan/record-refs.ts';
import { readSection } from '../plan/section.ts';
import { timeDirectory } from '../time-directory.ts';
import type { ApplyResult, ApplyUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { applySection } from './apply-section.ts';
import { isInTaken, newApplyingUnit, type ApplyingUnit } from './apply-unit.ts';
import { finishDirectory } from './finish-directories.ts';
import type { LargeCopy } from './large-copy.ts';
import { makeDirectory } from './make-directories.ts';
import { removeNames } from './remove-names.ts';
import { respellNames } from './respell-names.ts';

type Apply = (unit: ApplyingUnit, reader: BinaryReader, laneCount: number) => Promise<void>;

export async function serveApply(context: WorkerContext, work: ApplyUnit): Promise<ApplyResult> {
  const largeFiles: LargeCopy[] = [];
  const mayReplaceLeader = work.unit === 'applySections' && work.mayReplaceLeader;
  const { taken: takenBefore = [] } = work;
  const unit = newApplyingUnit(context, largeFiles, mayReplaceLeader);
  unit.taken.push(...takenBefore);
  const refs = [...refsIn(work.refs)];
  const apply = applierOf(work);
  const lanes = lanesFor(context.laneCount, refs.length);
  await forEachLane(refs, lanes.directories, async (ref) => {
    if (context.stop.isRaised) return;
    context.heartbeat.beat();
    await apply(unit, new BinaryReader(readRecord(context.setup.spoolFds, ref)), lanes.inEach);
  });
  const { findings, refusals, foundThere } = unit;
  const taken = unit.taken.slice(takenBefore.length);
  const result = { unit: work.unit, findings, largeFiles, taken, foundThere };
  if (refusals.names === 0) return result;
  context.flushSpools();
  const refused = { refs: context.plan.takeRefs(), limit: refusals.limit };
  return { refused, ...result };
}

/** Of each worker, as they are shared out where calls overlap. */
const UNITS_UNDER_WAY = 8;
/** Many wait for their directory. */
const LANES_PER_CALL = 2;
/** One file in a directory is being created while the others wait for their other round trips. */
const MOST_LANES_IN_DIRECTORY = 12;

/** A directory that is alone in its unit may be the only one that is left. */
function lanesFor(laneCount: number, directoryCount: number): { directories: number; inEach: number } {
  const directories = Math.ceil((laneCount * LANES_PER_CALL) / UNITS_UNDER_WAY);
  const inEach = directoryCount === 1 ? laneCount : Math.max(1, Math.floor(directories / directoryCount));
  return { directories, inEach: Math.min(inEach, MOST_LANES_IN_DIRECTORY) };
}

function applierOf(work: ApplyUnit): Apply {
  switch (work.unit) {
    case 'applySections':
      return async (unit, reader, laneCount) => {
        const section = readSection(reader);
        const path = section.directoryPath;
        if (isInTaken(unit, path)) return;
        await timeDirectory(unit, { phase: 'syncing', path }, () => applySection(unit, section, laneCount));
      };
    case 'removeNames':
      return (unit, reader) => removeNames(unit, readRemovalRecord(reader), work.foundThere);
    case 'respellNames':
      return (unit, reader) => respellNames(unit, readRespellingRecord(reader));
    case 'makeDirectories':
      return async (unit, reader) => {
        const record = readDirectoryRecord(reader);
        const isMade = record.action === 'create' || record.action === 'claim';
        if (isMade && !isInTaken(unit, record.path)) await makeDirectory(unit, record);
      };
    default:
      return async (unit, reader) => {
        const record = readDirectoryRecord(reader);
        if (!isInTaken(unit, record.path)) await finishDirectory(unit, record, work);
      };
  }
}
