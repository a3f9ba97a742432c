/**
 * Every option. Parser, help, completions, task files, their schema, settings and presentation are derived
 * from this table.
 */
import { COMPARING, METADATA, RSYNC, SELECTING } from './transfer-options.ts';
import { nameOf, takesPath, type OptionDeclaration, type OptionGroup } from './option-declaration.ts';
import { OUTPUT, WORKING } from './run-options.ts';

const GROUPS = [OUTPUT, COMPARING, SELECTING, METADATA, WORKING, RSYNC];

/** In the order of the help. */
export const OPTION_GROUPS: readonly OptionGroup[] = GROUPS;
export const OPTIONS: readonly OptionDeclaration[] = GROUPS.flatMap<OptionDeclaration>(
  ({ options }) => options,
);

/** The keys of those whose value is a path. */
export const PATH_OPTIONS: ReadonlySet<string> = new Set(
  OPTIONS.filter(takesPath).map(({ flags }) => nameOf(flags)),
);

/** The type of each option, with its flags and field names as literals. */
export type DeclaredOption = (typeof GROUPS)[number]['options'][number];
