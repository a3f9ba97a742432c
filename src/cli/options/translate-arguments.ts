/**
 * Arguments as users of rsync give them -> those that the parser knows: bundles apart, rsync's options
 * translated, accepted or refused. Every option that is left is one of the table.
 */
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import { suggestOption } from './suggest-option.ts';
import { flagsText, namesIn, valueOf, type OptionDeclaration } from './table/option-declaration.ts';
import { OPTIONS } from './table/option-table.ts';
import { NO_VALUE } from './table/option-values.ts';
import { FILES_OF_F, RSYNC_OPTIONS, type RsyncOption } from './table/rsync-options.ts';

interface KnownOption {
  readonly value: ReturnType<typeof valueOf>;
  /** As in the manual: `--log-file=FILE`. */
  readonly shown: string;
  /** The arguments to parse instead of `flag`, as it was given. @throws UsageError */
  readonly translate: (flag: string, value: string) => readonly string[];
  /** What `--no-NAME` means; undefined if there is no such form. */
  readonly negation: readonly string[] | undefined;
}

/** @throws UsageError */
export function translateArguments(args: readonly string[]): string[] {
  const known = knownOptions();
  const translated: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg === '--') return [...translated, ...args.slice(index)];
    if (arg === '-' || !arg.startsWith('-')) {
      translated.push(arg);
      continue;
    }
    const next = args[index + 1];
    const { words, usedNext } = arg.startsWith('--')
      ? readLong(arg, next, known)
      : readLetters(arg, next, known);
    for (const word of words) add(word, translated);
    if (usedNext) index++;
  }
  return translated;
}

const IN_ARCHIVE = ['recursive', 'links', 'perms', 'times', 'group', 'owner', 'devices', 'specials'];

/** Letters that stand for several options. */
const ABBREVIATED: ReadonlyMap<string, readonly string[]> = new Map([
  ['-a', IN_ARCHIVE],
  ['--archive', IN_ARCHIVE],
  ['-D', ['devices', 'specials']],
  ['-P', ['partial', 'progress']],
]);

const ITEMIZE = ['-i', '--itemize-changes'];

/** As in rsync, the last one counts: `--no-owner -a` preserves owners, `-a --no-owner` does not. */
function add(word: string, translated: string[]): void {
  for (const name of ABBREVIATED.get(word) ?? []) {
    for (let at; (at = translated.indexOf(`--no-${name}`)) >= 0;) translated.splice(at, 1);
  }
  translated.push(secondMeaning(word, translated) ?? word);
}

/** What a second use adds: `-F` leaves out the files themselves, `-i` lists what needs nothing. */
function secondMeaning(word: string, translated: readonly string[]): string | undefined {
  if (word === FILES_OF_F) return translated.includes(word) ? '--filter=- .rsync-filter' : undefined;
  const isSecond = ITEMIZE.includes(word) && ITEMIZE.some((each) => translated.includes(each));
  return isSecond ? '--itemize-unchanged' : undefined;
}

interface Read {
  readonly words: readonly string[];
  /** The next argument was its value. */
  readonly usedNext: boolean;
}

function readLong(arg: string, next: string | undefined, known: Known): Read {
  const equals = arg.indexOf('=');
  const flag = equals < 0 ? arg : arg.slice(0, equals);
  const option = known.get(flag) ?? negated(flag, known);
  if (option === undefined) throw unknownOption(flag, known);
  const attached = equals < 0 ? undefined : arg.slice(equals + 1);
  if (option.value === 'none' && attached !== undefined) throw needlessValue(arg, flag, known);
  return withValue(option, { flag, attached, next });
}

/** `-avz`: letters without a value, of which the last one may take one. */
function readLetters(arg: string, next: string | undefined, known: Known): Read {
  if (arg.length > 3 && known.has(`-${arg.replace(/=.*/, '')}`)) {
    throw new UsageError(`unknown option '${displayName(arg)}': type -${displayName(arg)}, with two dashes`);
  }
  const words: string[] = [];
  for (let at = 1; at < arg.length; at++) {
    const flag = `-${arg[at]}`;
    const option = known.get(flag);
    if (option === undefined) {
      const within = arg.length > 2 ? ` in '${displayName(arg)}'` : '';
      throw new UsageError(`unknown option '${displayName(flag)}'${within}`);
    }
    if (option.value !== 'none') {
      const attached = arg.slice(at + 1).replace(/^=/, '') || undefined;
      const read = withValue(option, { flag, attached, next });
      return { ...read, words: [...words, ...read.words] };
    }
    words.push(...translation(option, flag, ''));
  }
  return { words, usedNext: false };
}

function withValue(
  option: KnownOption,
  { flag, attached, next }: { flag: string; attached: string | undefined; next: string | undefined },
): Read {
  const takesNext = option.value === 'needed' && attached === undefined;
  const value = takesNext ? next : attached;
  if (option.value === 'needed' && value === undefined) {
    throw new UsageError(`option '${option.shown}' argument missing`);
  }
  return { words: translation(option, flag, value ?? NO_VALUE), usedNext: takesNext };
}

/** Names the option in the error. */
function translation(option: KnownOption, flag: string, value: string): readonly string[] {
  try {
    return option.translate(flag, value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${flag}: ${error.message}`, { cause: error });
  }
}

type Known = ReadonlyMap<string, KnownOption>;

function knownOptions(): Known {
  const known = new Map<string, KnownOption>();
  for (const flag of ['--help', '--version', '-V']) known.set(flag, own({ value: 'none', shown: flag }));
  for (const declaration of OPTIONS) {
    const [value, shown] = [valueOf(declaration), flagsText(declaration.flags)];
    for (const flag of namesIn(declaration.flags)) known.set(flag, own({ value, shown, declaration }));
  }
  for (const option of RSYNC_OPTIONS) {
    for (const flag of namesIn(option.flags)) known.set(flag, ofRsync(option));
  }
  return known;
}

function own({
  value,
  shown,
  declaration,
}: Pick<KnownOption, 'value' | 'shown'> & { declaration?: OptionDeclaration }): KnownOption {
  const long = declaration?.flags.match(/--(?!no-)[\w-]+/)?.[0];
  return {
    value,
    shown,
    // After a letter an equals sign would be part of the value.
    translate: (flag, text) => (value === 'none' ? [flag] : [`${long ?? flag}=${text}`]),
    negation: value === 'none' && long !== undefined ? [opposite(long)] : undefined,
  };
}

function ofRsync({ flags, means, isRefused }: RsyncOption): KnownOption {
  const value = flags.includes('=') ? 'needed' : 'none';
  const negation = isRefused ? [] : value === 'none' ? means('').map(opposite) : undefined;
  return { value, shown: flags, translate: (_, text) => means(text), negation };
}

/** `--delete` -> `--no-delete`, and back. */
function opposite(flag: string): string {
  return flag.startsWith('--no-') ? flag.replace('--no-', '--') : flag.replace('--', '--no-');
}

/** `--no-delete`, `--no-o`. */
function negated(flag: string, known: Known): KnownOption | undefined {
  const name = /^--no-(?!no-)(.+)$/.exec(flag)?.[1];
  if (name === undefined) return undefined;
  const base = known.get(name.length === 1 ? `-${name}` : `--${name}`);
  const negation = base?.negation;
  if (negation === undefined) return undefined;
  return { value: 'none', shown: flag, translate: () => negation, negation: undefined };
}

function unknownOption(flag: string, known: Known): UsageError {
  const suggested = suggestOption(flag, [...known.keys()]);
  const hint = suggested === undefined ? '' : ` (did you mean ${suggested}?)`;
  return new UsageError(`unknown option '${displayName(flag)}'${hint}`);
}

function needlessValue(arg: string, flag: string, known: Known): UsageError {
  const negation = known.get(flag)?.negation?.[0];
  const off = negation === undefined ? '' : ` to turn it on, ${negation} to turn it off`;
  return new UsageError(`'${displayName(arg)}': the option takes no value: type ${flag}${off}`);
}
