/** What several scenarios have in common: the work, the state a run finds, and what is checked. */
import { guardCopied, guardMetadata } from '../guards.ts';
import type { Scenario } from '../scenario.ts';
import { makeEmpty, makeSynced } from '../trees/destinations.ts';

/** The properties in which scenarios of one kind differ. */
type Particulars = Pick<Scenario, 'name' | 'tree' | 'place' | 'suitsAnyTree' | 'contenders'>;

/** A first copy without verification. */
export function fullCopy(particulars: Particulars): Scenario {
  return {
    ...particulars,
    work: 'full copy without verification',
    prepareDestination: makeEmpty,
    isCold: false,
    guard: guardCopied,
  };
}

/** Both sides are equal at the start. */
export function nothingToDo(particulars: Particulars): Scenario {
  return {
    ...particulars,
    work: 'nothing to do',
    prepareDestination: makeSynced,
    isCold: false,
    guard: guardMetadata,
  };
}
