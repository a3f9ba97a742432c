/** `npm run bench -- --memory`: the most memory efs-sync takes, tree by tree and phase by phase. */
import { lackOfRoom, withPlaces } from '../places.ts';
import type { Plan } from '../plan.ts';
import type { Places } from '../scenario.ts';
import { makeEmpty } from '../trees/destinations.ts';
import { measurePeakBytes } from './measure-peak.ts';
import type { MeasuredTree } from './trees.ts';

/** In this order, because each run continues with the destination of the previous one. */
export const RUNS = ['copy', 'nothing to do', 'verification', 'copy and verification'] as const;
export type RunName = (typeof RUNS)[number];

export interface MemoryResult {
  readonly tree: string;
  readonly entries: number;
  readonly peakBytes: Readonly<Record<RunName, number>>;
}

/** @throws Error if there is no room for the tree */
export function measureMemory({ tree, entries }: MeasuredTree, plan: Plan): MemoryResult {
  const placed = { tree, place: 'tmpfs' } as const;
  const lack = lackOfRoom(placed, plan);
  if (lack !== undefined) throw new Error(lack);
  return withPlaces(placed, plan, (places) => ({
    tree: plan.scale === 1 ? tree.description : `${tree.description}, times ${plan.scale}`,
    entries: entries * plan.scale,
    peakBytes: measureRuns(places),
  }));
}

function measureRuns(places: Places): MemoryResult['peakBytes'] {
  const { source, destination } = places;
  makeEmpty(places);
  const copy = measurePeakBytes('--verify=none', source, destination);
  const nothingToDo = measurePeakBytes('--verify=none', source, destination);
  const verification = measurePeakBytes('verify', source, destination);
  makeEmpty(places);
  const both = measurePeakBytes('--verify=full', source, destination);
  return { copy, 'nothing to do': nothingToDo, verification, 'copy and verification': both };
}
