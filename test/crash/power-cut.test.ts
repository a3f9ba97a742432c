/**
 * After a power cut during a run or later, no file has its source's size and mtime without the content. The
 * next run repairs everything, and a copy that a run called a success is there.
 */
import { goRound, longTimeout, tell, type Round } from '../support/long-run.ts';
import type { DiskFormat } from '../support/logdisk.ts';
import { describeWith } from '../support/requirements.ts';
import { resetTrees, test, type Trees } from '../support/scenario.ts';
import { LONG_SECONDS, SEED, seededRandom } from '../support/seed.ts';
import { choosePoints, judgePoint, recordRun, type PowerCutScenario } from './power-cut.ts';

const FORMATS: readonly DiskFormat[] = ['ext4', 'xfs', 'btrfs'];

const SCENARIOS: readonly PowerCutScenario[] = [
  { name: 'first copy', args: [], isUpdate: false },
  { name: 'update', args: ['--delete'], isUpdate: true },
  { name: 'in place', args: ['--delete', '--inplace'], isUpdate: true },
  { name: 'fsync', args: ['--delete', '--fsync'], isUpdate: true },
];

/** Each point costs a mount and a run, so a short suite has few. */
const IS_LONG = LONG_SECONDS !== undefined;
const POINTS_A_RUN = IS_LONG ? 6 : 2;

describeWith(['root', 'logdisk'], 'a power cut', () => {
  test.for(FORMATS)('on %s', longTimeout(1 / FORMATS.length), async (format, { memoryTrees: trees }) => {
    let points = 0;
    const cutAll = async (round: Round): Promise<void> => {
      for (const scenario of SCENARIOS) points += await cutPower(trees, scenario, { format, round });
    };
    if (IS_LONG) await goRound(1 / FORMATS.length, cutAll);
    else await cutAll({ seed: SEED, random: seededRandom(SEED) });
    tell(`power cuts on ${format}`, { points });
  });
});

/** Returns the number of points. */
async function cutPower(
  trees: Trees,
  scenario: PowerCutScenario,
  { format, round }: { format: DiskFormat; round: Round },
): Promise<number> {
  resetTrees(trees);
  // Without --fsync, ext4 may commit a file's size before its content (see CRASHES in the manual).
  const isOrdered = format === 'ext4' && !scenario.args.includes('--fsync');
  const recorded = await recordRun(trees, scenario, { format: isOrdered ? 'ext4 in order' : format, round });
  const points = choosePoints(recorded, POINTS_A_RUN, round.random);
  for (const point of points) await judgePoint(trees, recorded, point);
  return points.length;
}
