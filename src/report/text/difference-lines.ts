/** How the two sides of a path differ: what the source has, and what is there. */
import type { Shown } from '../../model/byte-string.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { kindOf, permissionsOf } from '../../model/entry.ts';
import type { EntryFacts, Explanation } from '../../model/run/explanation.ts';
import { formatCount, twoDigits } from './quantities.ts';

/** The source's, and the destination's. */
type Pair = readonly [EntryFacts, EntryFacts];
type Compared = readonly [bit: number, line: (pair: Pair) => Shown];

const COMPARED: readonly Compared[] = [
  [Difference.kind, ([here, there]) => `a ${kindText(here)}, at the destination a ${kindText(there)}`],
  [
    Difference.size,
    ([here, there]) =>
      `size: ${formatCount(here.sizeBytes)} bytes, at the destination ${formatCount(there.sizeBytes)}`,
  ],
  [Difference.mtime, (pair) => `modified: ${timeTexts(pair).join(', at the destination ')}`],
  [Difference.content, ([here]) => CONTENT[kindOf(here.mode)] ?? 'the content differs'],
  [Difference.mode, ([here, there]) => `mode: ${modeText(here)}, at the destination ${modeText(there)}`],
  [Difference.uid, ([here, there]) => `owner: ${here.uid}, at the destination ${there.uid}`],
  [Difference.gid, ([here, there]) => `group: ${here.gid}, at the destination ${there.gid}`],
  [Difference.acl, () => 'the ACLs differ'],
  [Difference.xattr, () => 'the extended attributes differ'],
  [Difference.privilege, () => 'it has privileges, which only newly written content gets'],
  [Difference.atime, () => 'the access times differ'],
  [Difference.name, () => 'the destination may take its name for another one'],
];

const CONTENT: Readonly<Record<string, string>> = {
  symlink: 'the targets of the links differ',
  file: 'the content differs, or a run that was killed left it half written',
};

export function differenceLines({ source, destination }: Explanation, differences: Differences): Shown[] {
  const isMissing = (differences & Difference.missing) !== 0;
  if (isMissing && destination === undefined) return ['the destination does not have it'];
  if (source === undefined || destination === undefined) return ['the two sides differ'];
  const all = isMissing ? differences | Difference.kind : differences;
  return COMPARED.flatMap(([bit, line]) => ((all & bit) === 0 ? [] : [line([source, destination])]));
}

/** With fractions of a second where only these differ. */
function timeTexts([here, there]: Pair): [Shown, Shown] {
  const isFine = here.mtimeSec === there.mtimeSec;
  return [timeText(here, isFine), timeText(there, isFine)];
}

/** In the local time zone, as ls(1) shows it. */
function timeText({ mtimeSec, mtimeNsec }: EntryFacts, isFine: boolean): Shown {
  const fraction = isFine ? `.${String(mtimeNsec).padStart(9, '0')}` : '';
  const time = new Date(mtimeSec * 1000);
  if (Number.isNaN(time.getTime())) return `@${mtimeSec}${fraction}`;
  const day = [time.getFullYear(), twoDigits(time.getMonth() + 1), twoDigits(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')}${fraction}`;
}

function kindText({ mode }: EntryFacts): string {
  const kind = kindOf(mode);
  return kind === 'symlink' ? 'symbolic link' : kind;
}

function modeText(entry: EntryFacts): string {
  return permissionsOf(entry).toString(8).padStart(3, '0');
}
