/** `--wait` and `--wait=60`: a value that may be left out is attached, and what follows is an operand. */
import type { Option } from 'commander';
import { NO_VALUE } from './option-values.ts';

/** Commander would take the word after `--wait` for its value. */
export function withEveryValue(args: readonly string[], options: readonly Option[]): string[] {
  const result: string[] = [];
  let isValue = false;
  for (const [index, arg] of args.entries()) {
    if (arg === '--' && !isValue) return [...result, ...args.slice(index)];
    const option: Option | undefined = isValue ? undefined : options.find(({ long }) => long === arg);
    result.push(option?.optional === true ? `${arg}=${NO_VALUE}` : arg);
    isValue = option?.required === true;
  }
  return result;
}
