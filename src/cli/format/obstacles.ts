/** What a scan found, as preflight's lines. */
import type { Check } from '../../model/check.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { ScanTotals } from '../../sync.ts';
import { pathText } from './sentences.ts';
import { counted, formatCount } from './units.ts';

const EFFECTS = {
  fails: 'a sync reports it as failed and copies all else: exit status 23',
  incomplete: 'a sync copies it without them, and reports that: exit status 23',
  split: 'a sync makes it several files of the same content, and says so',
} as const;

export function obstacleCheck({ path, kind, detail, code, effect }: Obstacle): Check {
  const error = code === '' ? '' : ` (${code})`;
  return {
    result: effect === 'split' ? 'WARNING' : 'FAIL',
    subject: `source: ${kind}`,
    finding: `${pathText(path)}: ${detail}${error}`,
    cure: EFFECTS[effect],
  };
}

const ALL_FIT = 'and the destination can hold them all';
const NONE_KNOWN =
  'none beyond a known limit; which names, hard links and attributes the destination takes is not known';

export function scanCheck(totals: ScanTotals): Check {
  const { entries, obstacles, areLimitsKnown, problems, areAttributesUnchecked } = totals;
  const subject = 'source: scan';
  const unchecked = areAttributesUnchecked ? ' (room for attributes and ACLs was not checked)' : '';
  const scanned = counted(entries, 'entry', 'entries') + unchecked;
  const { fails, incomplete, split } = obstacles;
  if (fails + incomplete + split + problems === 0) {
    return { result: 'OK', subject, finding: `${scanned}, ${areLimitsKnown ? ALL_FIT : NONE_KNOWN}` };
  }
  const parts = [
    [fails, 'would fail'],
    [incomplete, 'would be incomplete'],
    [split, 'would be split'],
    [problems, 'cannot be read'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const result = fails + incomplete + problems > 0 ? 'FAIL' : 'WARNING';
  return { result, subject, finding: `${scanned}: ${told.join(', ')}` };
}
