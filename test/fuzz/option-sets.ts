/** Options that rsync has too, with the same meaning, in any mix; and what rsync must be told for the same work. */
import fc from 'fast-check';

/** Contents of list files, which `withLists` places in a directory. */
export const LISTS: Readonly<Record<string, string>> = {
  rules: 'a\n- b/\n+ c\n# none\n/d/a\n',
  'rules-0': '- /a/b\0+ *\0',
  'rules-any': 'hide b\n# none\nP /d/\n-! *\n',
  files: 'a\nb/c\nanchor\n',
};
const DIRECTORY = '{lists}';

/** Options that are left out for now. Remove a line to draw it. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '--max-delete=2': 'beyond it rsync deletes as many as it allows, this tool none',
};

const patterns = fc.constantFrom(
  ...[
    'a',
    'b',
    'c',
    'd',
    '/a',
    '/b/',
    'a/',
    '*/a',
    'a/*',
    '/*/*',
    '**',
    '**/b',
    '[a-c]',
    '?',
    '-x',
    'd/**',
    '*',
  ],
);
const filter = fc
  .tuple(fc.constantFrom('exclude', 'exclude', 'include'), patterns)
  .map(([action, pattern]) => [`--${action}=${pattern}`]);
const signs = fc.constantFrom(
  '-',
  '+',
  '-s',
  '-r',
  '-!',
  '-p',
  '-/',
  '+s',
  '+r',
  'hide',
  'protect,p',
  'S',
  'R',
);
const rule = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(signs, patterns).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: fc.constantFrom('merge,e {lists}/rules-any', '.- {lists}/rules', 'clear', '-C') },
);
const anyFilter = fc.oneof(
  { weight: 2, arbitrary: filter },
  { weight: 1, arbitrary: rule.map((text) => ['-f', text]) },
);

/** Each option is drawn independently; at most one per line. */
const CHOICES: readonly (readonly string[])[] = [
  ['-a'],
  ['-D', '--devices', '--specials'],
  ['-A', '--chmod=u=rwX,go=rX', '--chmod=D755,F644', '--chmod=Dg+s,o-w --chmod=F+x'],
  ['-X'],
  ['-U'],
  ['-H'],
  ['-S', '--inplace'],
  ['-W'],
  ['--no-times'],
  ['-O'],
  ['-J'],
  ['--no-perms'],
  ['--no-owner'],
  ['--no-group'],
  ['--chown=1000:65535', '--chown=:1', '--chown=1', '--usermap=0-5:7,*:8', '--groupmap=0:65535,nogroup:root'],
  ['--numeric-ids'],
  ['-u', '--ignore-existing'],
  ['--existing'],
  ['--stop-after=600', '--stop-at=2099-12-31'],
  ['-c', '--size-only', '-I', '-@1', '--modify-window=0'],
  ['--delete', '--delete --track-renames', '--delete-excluded', '--files-from={lists}/files -r'],
  ['-R'],
  ['--max-delete=2'],
  ['-b', '-b --suffix=.o', '--backup-dir=kept/here', '--backup-dir=../kept --suffix=.o'],
  ['--force'],
  ['-m', '--repair'],
  ['--safe-links'],
  ['-L', '-k', '--copy-unsafe-links', '-k --copy-unsafe-links'],
  ['--max-size=30', '--max-size=4k', '--max-size=1.5K'],
  ['--min-size=1', '--min-size=20'],
  ['--exclude-from={lists}/rules', '--include-from={lists}/rules', '-0 --exclude-from={lists}/rules-0'],
  ['-C'],
  ['-F', '-FF'],
  ['-x'],
  ['--mkpath'],
  ['-n'],
  ['-i', '-ii'],
  ['-v'],
  ['--partial'],
  ['-T{lists}'],
  ['--delay-updates'],
  ['--fsync'],
];

const choices = CHOICES.map((line) => {
  const drawn = line.filter((option) => !(option in LEFT_OUT)).map((option) => option.split(' '));
  const none: fc.WeightedArbitrary<string[]> = { weight: 4, arbitrary: fc.constant([]) };
  return drawn.length === 0
    ? none.arbitrary
    : fc.oneof(none, { weight: 1, arbitrary: fc.constantFrom(...drawn) });
});

export const anyOptions: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.tuple(...choices),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(anyFilter, { maxLength: 3 })),
  )
  .map(([chosen, filters]) => withoutContradiction(chosen.concat(filters).flat()));

/**
 * Rules from files in directories do not go with --files-from, nor with -R; nor does --inplace with backups; -I not with
 * --track-renames, and a file that is moved keeps what a new one would get from elsewhere. What gives rights is written
 * anew here, which makes a backup; rsync only sets it. --repair writes, and goes without backups. With --safe-links rsync removes some links without a backup.
 */
function withoutContradiction(args: string[]): string[] {
  const isListed = args.some((arg) => arg.startsWith('--files-from=') || arg === '-R');
  const makesAnew = args.some((arg) => arg === '-I' || arg.startsWith('--no-'));
  const isBackedUp = args.some((arg) => arg === '-b' || arg.startsWith('--backup-dir='));
  const unfit = new Set([
    // With -R the lists lie where the source does.
    ...(isListed ? ['-C', '-F', '-FF', `-T${DIRECTORY}`] : []),
    // A file that moved leaves no backup: it has another name.
    ...(makesAnew || isBackedUp ? ['--track-renames'] : []),
    ...(args.includes('--inplace') ? ['--delay-updates'] : []),
    ...(isBackedUp ? ['--inplace', '-X', '--safe-links'] : []),
    ...(isBackedUp || args.includes('-n') || args.includes('--size-only') ? ['--repair'] : []),
  ]);
  return args.filter((arg, at) => args[at - 1] === '-f' || !unfit.has(arg));
}

export function withLists(args: readonly string[], directory: string): string[] {
  return args.map((arg) => arg.replace(DIRECTORY, directory));
}

/** `rsyncCommand` adds -S, which does not combine with --inplace. */
export function rsyncArgs(args: readonly string[]): string[] {
  const theirs = args.filter((arg) => arg !== '--track-renames' && arg !== '--repair');
  return theirs.includes('--inplace') ? [...theirs, '--no-S'] : theirs;
}
