/** Every scenario, in the order they run. */
import type { Scenario } from '../scenario.ts';
import { FULL_COPY } from './full-copy.ts';
import { NOTHING_TO_DO } from './nothing-to-do.ts';
import { VERIFIED_COPY } from './verified-copy.ts';

export const SCENARIOS: readonly Scenario[] = [FULL_COPY, NOTHING_TO_DO, VERIFIED_COPY];
