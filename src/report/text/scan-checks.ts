/** The checks that a scan of the source ends with. */
import type { Check, Obstacle, Remarks, RemarkKind, ScanTotals } from '../../model/preflight-results.ts';
import { displayName } from '../../model/display-name.ts';
import { ASSUMED } from '../../policy/estimate-run.ts';
import { counted, formatBytes, formatCount, formatDuration } from './quantities.ts';
import { pathText } from './sentences.ts';

interface Words {
  /** After the number of paths. */
  readonly what: string;
  /** Between a path and its detail. */
  readonly joint: string;
  readonly cure: string;
}

const WORDS: Readonly<Record<RemarkKind, Words>> = {
  'absolute links': {
    what: 'with an absolute target, copied as they are',
    joint: ' -> ',
    cure: 'at the destination they lead where the path leads there: to the source, elsewhere, or nowhere',
  },
  'outward links': {
    what: 'with a target outside the source, copied as they are',
    joint: ' -> ',
    cure: 'what they lead to is not copied; see --safe-links and --copy-unsafe-links',
  },
  'alike names': {
    what: 'with a twin in the same directory that differs only by case or Unicode form',
    joint: ' and ',
    cure: 'clients on SMB, macOS and Windows reach only one of them; rename the others',
  },
  'locked files': {
    what: 'locked for writing, as far as this machine knows',
    joint: '',
    cure: 'files that change during a sync fail verification: stop who writes, or sync a snapshot',
  },
  'open files': {
    what: 'open for writing on this machine',
    joint: ' by ',
    cure: 'files that change during a sync fail verification: stop who writes, or sync a snapshot',
  },
};

const NOUNS: Readonly<Record<RemarkKind, readonly [string, string]>> = {
  'absolute links': ['symbolic link', 'symbolic links'],
  'outward links': ['symbolic link', 'symbolic links'],
  'alike names': ['name', 'names'],
  'locked files': ['file', 'files'],
  'open files': ['file', 'files'],
};

/** In the order of the output. */
export function remarkChecks(totals: ScanTotals): Check[] {
  const kinds = Object.entries(totals.remarks) as [RemarkKind, Remarks][];
  return [
    ...kinds.filter(([, { count }]) => count > 0).map(([kind, remarks]) => remarkCheck(kind, remarks)),
    unseenCheck(totals),
    ...spaceChecks(totals),
    spoolCheck(totals),
    estimateCheck(totals),
  ];
}

function remarkCheck(kind: RemarkKind, found: Remarks): Check {
  const { what, joint, cure } = WORDS[kind];
  const { count, examples } = found;
  const told = examples.map(({ path, detail }) => pathText(path) + (detail === '' ? '' : joint + detail));
  const more = count > told.length ? `, and ${formatCount(count - told.length)} more` : '';
  const finding = `${counted(count, ...NOUNS[kind])} ${what}: ${told.join('; ')}${more}`;
  return { result: 'WARNING', subject: `source: ${kind}`, finding, cure, found };
}

const ELSEWHERE = 'files that other machines have open are not seen here';

function unseenCheck({ remarks, hiddenProcesses }: ScanTotals): Check {
  const isAnything = remarks['open files'].count + remarks['locked files'].count > 0;
  const seen = isAnything ? '' : 'no process of this machine is seen to write to the source; ';
  const hidden = counted(hiddenProcesses, 'process', 'processes');
  const denied = hiddenProcesses === 0 ? '' : `; nor those of ${hidden}, which this user may not look at`;
  return { result: 'OK', subject: 'source: writers', finding: `${seen}${ELSEWHERE}${denied}` };
}

function spaceChecks({ extent, space }: ScanTotals): Check[] {
  if (space === undefined) return [];
  const { availableBytes, freeInodes } = space;
  const subject = 'destination: space';
  const needed = formatBytes(Math.ceil(extent.sizeBytes));
  const bytes = `${formatBytes(availableBytes)} free, and the files of the source have ${needed}`;
  const inodes = Math.ceil(extent.inodes);
  const cure = 'this is enough only if much of it is at the destination already: make room first';
  const checks: Check[] = [
    extent.sizeBytes <= availableBytes
      ? { result: 'OK', subject, finding: bytes }
      : { result: 'WARNING', subject, finding: bytes, cure },
  ];
  if (freeInodes === undefined) return checks;
  const count = `${formatCount(freeInodes)} free inodes, and the source has ${formatCount(inodes)}`;
  const isEnough = inodes <= freeInodes;
  const about = { subject: 'destination: inodes', finding: count };
  return [...checks, isEnough ? { result: 'OK', ...about } : { result: 'WARNING', ...about, cure }];
}

function spoolCheck({ spool }: ScanTotals): Check {
  const { directory, neededBytes, availableBytes } = spool;
  const subject = 'this machine: TMPDIR';
  const free = `${displayName(directory)} has ${formatBytes(availableBytes)} free`;
  const finding = `${free}, and the plan of a first copy takes about ${formatBytes(Math.ceil(neededBytes))}`;
  if (neededBytes <= availableBytes) return { result: 'OK', subject, finding };
  return { result: 'WARNING', subject, finding, cure: 'set TMPDIR to a directory with more room' };
}

/** A shorter scan mostly starts up. */
const RATE_AFTER_MS = 1000;

function estimateCheck({ extent, estimate }: ScanTotals): Check {
  const { elapsedMs, basis, runs, scanMs } = estimate;
  const size = `${counted(extent.entries, 'entry', 'entries')}, ${formatBytes(Math.ceil(extent.sizeBytes))}`;
  const rate = `${formatCount(Math.round((1000 * extent.entries) / scanMs))} entries/s`;
  const listed = `listed in ${formatDuration(scanMs)}${scanMs < RATE_AFTER_MS ? '' : `, ${rate}`}`;
  const assumed = `assuming ${ASSUMED.callsPerFile} calls for each entry and ${formatBytes(ASSUMED.bytesPerSec)}/s`;
  const how =
    basis === 'history'
      ? `as in the last ${counted(runs, 'run')} of this task`
      : `for a first copy, ${assumed}`;
  const finding = `${size}, ${listed}; a run takes about ${formatDuration(elapsedMs)}, ${how}`;
  return { result: 'OK', subject: 'run: estimate', finding };
}

const EFFECTS = {
  fails: 'a sync reports it as failed and copies everything else: exit status 23',
  incomplete: 'a sync copies it without them and reports that: exit status 23',
  split: 'a sync copies it as several files with the same content and says so',
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

const NONE_BEYOND_EFS = 'nothing exceeds a limit of Amazon EFS; permissions were not checked';
const NONE_BEYOND = "nothing exceeds a limit of the destination's file system; permissions were not checked";
const NONE_KNOWN =
  'nothing exceeds a known limit; it is not known which names, hard links and attributes the destination accepts';

export function scanCheck(totals: ScanTotals): Check {
  const { assumed, entries, obstacles, areLimitsKnown, problems, areAttributesUnchecked } = totals;
  const subject = 'source: scan';
  const unchecked = areAttributesUnchecked ? ' (space for attributes and ACLs was not checked)' : '';
  const scanned = counted(entries, 'entry', 'entries') + unchecked;
  const { fails, incomplete, split } = obstacles;
  if (fails + incomplete + split + problems === 0) {
    const none = assumed === 'efs' ? NONE_BEYOND_EFS : areLimitsKnown ? NONE_BEYOND : NONE_KNOWN;
    return { result: 'OK', subject, finding: `${scanned}, ${none}` };
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
