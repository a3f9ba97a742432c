/** The declaration of an option, its names, and the type of its value. */
import type { DEFAULT_SETTINGS } from '../../../model/settings.ts';
import type { DEFAULT_PRESENTATION } from '../../../report/presentation.ts';
import type { PreserveWord } from './preserve-list.ts';

export interface OptionDeclaration {
  /** In commander's form: `-n, --dry-run`, `--report <FILE>`, `--wait [SECONDS]`. */
  readonly flags: string;
  readonly description: string;
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** JSON Schema of its value, for editors; text by default. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** The setting that gets its value unchanged. resolve-settings.ts resolves all other options. */
  readonly setting?: keyof typeof DEFAULT_SETTINGS;
  /** The same for a field of Presentation. */
  readonly presentation?: keyof typeof DEFAULT_PRESENTATION;
  /** The metadata that it adds to `--preserve`; `--no-NAME` removes it. */
  readonly preserves?: readonly PreserveWord[];
  /** The value that changes nothing. Left out if the default of `setting` or `presentation` shows it. */
  readonly standard?: string | number;
  /** Why `--no-NAME` is refused: what it would turn off is always done. */
  readonly always?: string;
  /** Short for another option, or for the default. */
  readonly isAbbreviation?: true;
  /** Each use adds a value; a task file may give a list. */
  readonly isRepeatable?: true;
  /** False: it cannot be a key of a task file. */
  readonly isForTasks?: false;
  /** Its path counts from the destination, also in a task file. */
  readonly isInDestination?: true;
  /** All options with this mark share one order of uses. */
  readonly isFilter?: true;
}

export interface OptionGroup {
  readonly heading: string;
  readonly options: readonly OptionDeclaration[];
}

/** The type of its value in Options. */
export type ValueOf<Declared extends OptionDeclaration> = Declared extends {
  readonly parse: (text: string) => infer Value;
}
  ? Declared extends { readonly isRepeatable: true }
    ? readonly Value[]
    : Value
  : Declared extends { readonly choices: readonly (infer Word)[] }
    ? Word
    : Declared['flags'] extends `${string}<${string}`
      ? string
      : Declared['flags'] extends `--no-${string}`
        ? false
        : boolean;

type Details = Partial<Omit<OptionDeclaration, 'flags' | 'description'>>;

/** Makes a misspelt property a compile error: a type parameter alone would accept it. */
type Known<Given> = Given & Record<Exclude<keyof Given, keyof Details>, never>;

export interface Described<Flags extends string> {
  readonly flags: Flags;
  readonly description: string;
}

export function option<const Flags extends string, const Given extends Details = object>(
  flags: Flags,
  description: string,
  details?: Known<Given>,
): Described<Flags> & Given {
  return { flags, description, ...(details as Given) };
}

export function abbreviation<const Flags extends string, const Given extends Details = object>(
  flags: Flags,
  description: string,
  details?: Known<Given>,
): Described<Flags> & Given & { readonly isAbbreviation: true } {
  return { flags, description, ...(details as Given), isAbbreviation: true };
}

/** `dry-run`, `report`, `wait`, `D`: the key in a task file. */
export type NameOf<Flags extends string> = Flags extends `${infer Bare} <${string}`
  ? NameOf<Bare>
  : Flags extends `${infer Bare} [${string}`
    ? NameOf<Bare>
    : Flags extends `${string}--${infer Name}`
      ? Name
      : Flags extends `-${infer Letter}`
        ? Letter
        : never;

/** `dryRun`: the property in which commander stores its value. `--no-verify` has that of `--verify`. */
export type AttributeOf<Flags extends string> =
  NameOf<Flags> extends `no-${infer Name}` ? CamelCase<Name> : CamelCase<NameOf<Flags>>;

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Of `-n, --dry-run`, `--report <FILE>`, `--wait [SECONDS]`, `-D`. */
export function nameOf(flags: string): string {
  return (/--([\w-]+)/.exec(flags) ?? /^-(\w)/.exec(flags))?.[1] as string;
}

export function attributeOf(flags: string): string {
  const name = nameOf(flags).replace(/^no-/, '');
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether the option needs a value, may have one, or has none. */
export function valueOf({ flags }: OptionDeclaration): 'needed' | 'optional' | 'none' {
  if (flags.includes('<')) return 'needed';
  return flags.includes('[') ? 'optional' : 'none';
}

/** The standard streams, in place of a path. */
export const STANDARD_STREAM = '-';

/** Its value is a path that counts from the working directory, or in a task file from the file's. */
export function takesPath({ flags, isInDestination }: OptionDeclaration): boolean {
  return /<(FILE|DIR)>/.test(flags) && isInDestination !== true;
}

/** In the manual's form: `--max-size=SIZE`. */
export function flagsText(flags: string): string {
  return flags.replace(/ <(.*)>$/, '=$1').replace(/ \[(.*)\]$/, '[=$1]');
}

/** `-e, --rsh=COMMAND`, `--wait [SECONDS]`: each name with its dashes. */
export function namesIn(flags: string): string[] {
  return flags.split(', ').map((flag) => flag.replace(/[ =].*/, ''));
}
