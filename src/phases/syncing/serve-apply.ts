/** The worker's side of Syncing: reads the records of a unit and applies each. */
import { forEachLane } from '../../flow/lanes.ts';
import { BinaryReader } from '../plan/binary.ts';
import { readDirectoryRecord } from '../plan/directory-record.ts';
import { readRecord } from '../plan/read-record.ts';
import { readRemovalRecord } from '../plan/removal-record.ts';
import { refsIn } from '../plan/record-refs.ts';
import { readSection } from '../plan/section.ts';
import { timeDirectory } from '../time-directory.ts';
import type { ApplyResult, ApplyUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { applySection } from './apply-section.ts';
import { newApplyingUnit, type ApplyingUnit } from './apply-unit.ts';
import { finishDirectory } from './finish-directories.ts';
import type { LargeCopy } from './large-copy.ts';
import { makeDirectory } from './make-directories.ts';
import { removeNames } from './remove-names.ts';

type Apply = (unit: ApplyingUnit, reader: BinaryReader, laneCount: number) => Promise<void>;

export async function serveApply(context: WorkerContext, work: ApplyUnit): Promise<ApplyResult> {
  const largeFiles: LargeCopy[] = [];
  const mayReplaceLeader = work.unit === 'applySections' && work.mayReplaceLeader;
  const unit = newApplyingUnit(context, largeFiles, mayReplaceLeader);
  const refs = [...refsIn(work.refs)];
  const apply = applierOf(work);
  const lanes = lanesFor(context.laneCount, refs.length);
  await forEachLane(refs, lanes.directories, async (ref) => {
    if (context.stop.isRaised) return;
    context.heartbeat.beat();
    await apply(unit, new BinaryReader(readRecord(context.setup.spoolFds, ref)), lanes.inEach);
  });
  const { findings, refusals } = unit;
  if (refusals.names === 0) return { unit: work.unit, findings, largeFiles };
  context.flushSpools();
  const refused = { refs: context.plan.takeRefs(), limit: refusals.limit };
  return { unit: work.unit, findings, largeFiles, refused };
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
      return (unit, reader, laneCount) => {
        const section = readSection(reader);
        return timeDirectory(unit, { phase: 'syncing', path: section.directoryPath }, () =>
          applySection(unit, section, laneCount),
        );
      };
    case 'removeNames':
      return (unit, reader) => removeNames(unit, readRemovalRecord(reader));
    case 'makeDirectories':
      return async (unit, reader) => {
        const record = readDirectoryRecord(reader);
        if (record.action === 'create') await makeDirectory(unit, record);
      };
    default:
      return (unit, reader) => finishDirectory(unit, readDirectoryRecord(reader), work);
  }
}
