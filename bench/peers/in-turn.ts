/** A copy and the comparison that proves it, measured as one. */
import type { Contender } from '../scenario.ts';

export function inTurn(copy: Contender, comparison: Contender): Contender {
  return {
    name: `${copy.name}, ${comparison.name}`,
    programs: [...copy.programs, ...comparison.programs],
    commands: (places) => [...copy.commands(places), ...comparison.commands(places)],
    keepsDirectoryMetadata: copy.keepsDirectoryMetadata,
  };
}
