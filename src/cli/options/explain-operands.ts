/** What to type instead of operands that are too many, too few or in the wrong order. */
import { posix } from 'node:path';
import { commandName, shellWord } from '../../report/command-name.ts';
import { isCommand, meantCommand } from './guessed-command.ts';
import { NO_VALUE } from './table/option-values.ts';

/** @param words translated arguments: each option is one word with its value. Undefined: there is no more to say */
export function explainExcess(words: readonly string[]): string | undefined {
  const operands = operandsOf(words);
  const wait = words.indexOf(`--wait=${NO_VALUE}`);
  const waited = wait < 0 ? undefined : words[wait + 1];
  if (waited !== undefined && /^\d+$/.test(waited)) {
    return `too many arguments: --wait takes its value attached: type --wait=${waited}`;
  }
  const [first = '', ...others] = operands;
  const late = others.find(isCommand);
  if (!isCommand(first) && late !== undefined) {
    const rest = operands.filter((operand) => operand !== late).map(shellWord);
    return `too many arguments: the command comes first: type ${commandName()} ${[late, ...rest].join(' ')}`;
  }
  if (isCommand(first))
    return first === 'init' ? undefined : explainSources(`${commandName()} ${first}`, others);
  return explainCommand(first, others) ?? explainSources(commandName(), operands);
}

export function explainMissing(words: readonly string[]): string | undefined {
  const [first, ...others] = operandsOf(words);
  if (first === 'init') return explainInit(others);
  return first === undefined || isCommand(first) ? undefined : explainCommand(first, others);
}

/** One of its three operands is missing, mostly the task file. */
function explainInit(operands: readonly string[]): string | undefined {
  if (operands.length === 0) return undefined;
  const [first = '', second = 'DESTINATION'] = operands.filter((operand) => !isTaskFile(operand));
  const file = operands.find(isTaskFile) ?? 'task.yaml';
  return `init takes a task file, a source and a destination: type ${commandName()} init ${[file, first || 'SOURCE', second].map(shellWord).join(' ')}`;
}

/** `init src dst t.yaml` would write a file called src. */
export function explainOrder(operands: readonly string[]): string | undefined {
  const [first = '', ...others] = operands;
  const file = others.find(isTaskFile);
  if (file === undefined || first === '-' || isTaskFile(first)) return undefined;
  const roots = operands.filter((operand) => operand !== file);
  return `init takes the task file first: type ${commandName()} init ${[file, ...roots].map(shellWord).join(' ')}`;
}

function isTaskFile(name: string): boolean {
  return /\.(ya?ml|json)$/.test(name);
}

function explainCommand(first: string, others: readonly string[]): string | undefined {
  const meant = meantCommand(first, others);
  return meant === undefined ? undefined : `there is no command '${first}': type ${meant}`;
}

/** Perhaps those of `src/*`, which the shell expanded. */
function explainSources(command: string, operands: readonly string[]): string {
  const destination = operands.at(-1) ?? '';
  const sources = operands.slice(0, -1);
  const [first = ''] = sources;
  const parent = posix.dirname(first);
  const areTogether = sources.every((each) => posix.dirname(each) === parent);
  const typed = (source: string, to: string): string => `(${command} ${shellWord(source)} ${shellWord(to)})`;
  const each = `sync each by itself ${typed(first, posix.join(destination, posix.basename(first)))}`;
  const whole = `give their directory if these are its contents ${typed(parent, destination)}`;
  return `too many arguments: there is one source: ${areTogether ? `${whole}, else ${each}` : each}`;
}

function operandsOf(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  return [...before.filter((word) => word === '-' || !word.startsWith('-')), ...after];
}
