/** One reason of `efs-sync why` in words. */
import type { Shown } from '../../model/byte-string.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import type { Reason } from '../../model/run/explanation.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import { placedRuleText } from '../../policy/filter/rule-text.ts';
import { counted } from './quantities.ts';

type Other = Exclude<Reason, { readonly why: 'differences' }>;
type OfKind<Why extends Other['why']> = Extract<Other, { readonly why: Why }>;

export function reasonText(reason: Other): Shown {
  return (WORDS[reason.why] as (reason: Other) => Shown)(reason);
}

const OPTIONS: Readonly<Record<Exclude<LeftAloneCause, 'excluded'>, string>> = {
  empty: '--prune-empty-dirs: it holds nothing but directories, or nothing',
  tooLarge: '--max-size: it is larger',
  tooSmall: '--min-size: it is smaller',
  special: 'a device, FIFO or socket: without --devices or --specials it is not copied',
  unsafe: '--safe-links: the link leads out of the source',
  outside: '--one-file-system: its content is on another file system',
  newer: '--update: the destination has a newer one',
  existing: '--ignore-existing: the destination has it',
  absent: '--existing: the destination does not have it',
  sameSize: '--size-only: the times differ, which does not count',
};

const EFFECTS = {
  hides: 'leaves it out',
  shows: 'includes it',
  protects: 'protects it from deletion',
  risks: 'does not protect it',
} as const;

const SAME = {
  'quick check': 'the destination has it with the same size and modification time',
  content: 'the destination has it with the same content (--checksum)',
  size: 'the destination has it with the same size (--size-only)',
  metadata: 'the destination has it with the same metadata',
} as const;

const UNLISTED = {
  'files-from': '--files-from does not list it',
  relative: 'with --relative, only the path of the source takes part',
  file: 'the source is one file, and nothing else takes part',
} as const;

const DELETED_BY = {
  delete: 'with --delete it goes',
  'delete-excluded': 'with --delete-excluded, what is left out goes as well',
  way: 'it is in the way of what the source has in its place',
} as const;

const PARTS = {
  snapshots: 'it holds snapshots; an include rule with its name takes it in',
  'file system': 'it is part of the file system itself; an include rule with its name takes it in',
} as const;

const CACHE_TAG = 'CACHEDIR.TAG';

const WORDS: { readonly [Why in Other['why']]: (reason: OfKind<Why>) => Shown } = {
  rule: ({ rule, effect }) => `${placedRuleText(rule)} ${EFFECTS[effect]}`,
  tag: ({ name, side }) => {
    if (name === '') return `whether a file in it leaves it out cannot be told in the ${side}`;
    if (name === CACHE_TAG) return `--exclude-caches: ${CACHE_TAG} marks it as a cache in the ${side}`;
    return `--exclude-if-present: it holds ${displayName(name)} in the ${side}`;
  },
  option: ({ cause }) => OPTIONS[cause],
  spared: ({ what, partOf, side }) => {
    if (partOf !== undefined) return PARTS[partOf];
    if (what !== undefined) return `the run itself uses it in the ${side} (${displayName(what)})`;
    return 'the run itself uses it, or it is a deleted file that a process still has open';
  },
  unlisted: ({ by }) => UNLISTED[by],
  taken: ({ takenFor }) => `the destination does not distinguish it from ${displayName(takenFor)}`,
  same: ({ by }) => SAME[by],
  'ignore times': () => '--ignore-times: each file is copied',
  'hard links': ({ count }) =>
    `it is one of ${counted(count, 'hard link')}: which of them are written or linked is decided once all are known`,
  'kept metadata': ({ of }) =>
    of === 'root'
      ? 'only what is listed takes part, so the root keeps its own metadata'
      : "it is another user's directory, which keeps its metadata",
  'not in source': () => 'the source does not have it',
  'no delete': () => 'without --delete, what the destination has stays',
  'empty source': () => 'a source that is empty, or all of which is excluded, deletes nothing',
  'in the way': () => 'without --delete or --force, the directory gives way only if it is empty',
  'below root': ({ meant }) => `paths are relative to the source: perhaps ${displayName(meant)} is meant`,
  delete: ({ by }) => DELETED_BY[by],
  'delete limit': ({ limit }) =>
    'count' in limit
      ? `--max-delete: if the run would delete more than ${limit.count}, it deletes nothing`
      : `--max-delete: if the run would delete more than ${limit.percent} % of all, it deletes nothing`,
  'may hold protected': () => 'if something in it stays, it stays as well',
  'holds protected': () => 'something in it stays, so it stays as well',
  leftover: ({ isKept }) =>
    isKept
      ? '--partial: an earlier run left it behind, to go on from'
      : 'an earlier run that was killed left it behind',
  incomplete: () => 'the directory could not be listed completely, so nothing is deleted in it',
  mounted: () => 'something is mounted there, and nothing is deleted in it',
  'no directory': ({ isLink }) =>
    isLink
      ? 'it is a symbolic link in the source, and links are not followed'
      : 'it is no directory in the source',
  failed: ({ code, reason, side }) => {
    const why = `in the ${side}: ${displayText(reason)}`;
    return code === '' ? why : `${why} (${code})`;
  },
};
