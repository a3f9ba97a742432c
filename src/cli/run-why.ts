/** `efs-sync why`: prints what a sync would do about each path, and why. */
import { lstatSync } from 'node:fs';
import type { ByteString } from '../model/byte-string.ts';
import type { Explanation } from '../model/run/explanation.ts';
import { UsageError } from '../model/run/errors.ts';
import type { Patience } from '../flow/patience.ts';
import { explanationToJson } from '../report/json/explanation-to-json.ts';
import { jsonText } from '../report/json/json-parts.ts';
import { createReporter } from '../report/reporters/create-reporter.ts';
import { ExitStatus } from '../report/exit-status.ts';
import { createScreen } from '../report/screen.ts';
import { explanationText } from '../report/text/explanation-text.ts';
import { why } from '../sync.ts';
import { runFilesOf } from './execute.ts';
import { explainRoot } from './explain-root.ts';
import type { CommandLine, WhyCommandLine } from './options/options.ts';
import { resolvePresentation } from './options/resolve-settings.ts';
import { resolveTask } from './resolve-task.ts';
import { watchSignals } from './signals.ts';
import { overrideTask, readTask } from './task-file/read-task.ts';
import { guardTask } from './working-directory.ts';

/** @throws UsageError, LocationError, Interrupted, TimedOut */
export async function runWhy(line: WhyCommandLine): Promise<number> {
  const { color, json } = resolvePresentation('sync', line.options);
  const screen = await createScreen(process, color, process.env);
  const { signal, unwatch } = watchSignals({
    onFirst: () => undefined,
    onHangup: undefined,
    onProgressAsked: () => undefined,
  });
  try {
    const explanations = await explain(
      line,
      { signal, timeoutMs: (line.options.timeout ?? 0) * 1000 },
      screen,
    );
    for (const [index, each] of explanations.entries()) {
      if (json) screen.out(`${jsonText(explanationToJson(each))}\n`);
      else screen.out((index === 0 ? '' : '\n') + explanationText(each));
    }
    const areTold = explanations.every(({ decision }) => decision !== 'missing' && decision !== 'unknown');
    return areTold ? ExitStatus.success : ExitStatus.partial;
  } finally {
    unwatch();
  }
}

async function explain(
  line: WhyCommandLine,
  patience: Patience,
  screen: Parameters<typeof createReporter>[2],
): Promise<readonly Explanation[]> {
  const { paths, ...asked } = await requestOf(line, patience);
  guardTask(asked);
  // It changes nothing, and is not recorded in the history.
  const request: CommandLine = { ...asked, command: 'sync', options: { ...asked.options, dryRun: true } };
  const task = await resolveTask(request, patience);
  const presentation = resolvePresentation('verify', { quiet: true });
  // It writes no files, so it has none to lose.
  const reporter = await createReporter(presentation, task, screen, { lose: () => undefined, patience });
  const context = { reporter, signal: patience.signal, runFiles: runFilesOf(request.options) };
  try {
    return await why(task, context, paths);
  } catch (error) {
    throw explainRoot(error, request);
  }
}

/** @throws UsageError */
async function requestOf(
  line: WhyCommandLine,
  patience: Patience,
): Promise<CommandLine & { readonly paths: readonly ByteString[] }> {
  const { operands, options, filters, given } = line;
  const last = operands.at(-1) ?? '';
  if (isTaskFile(last)) {
    const paths = operands.slice(0, -1);
    if (paths.length === 0) throw new UsageError('why takes at least one path before the task file');
    const overrides = { command: 'run', files: [last], options, filters, given } as const;
    return { ...overrideTask(await readTask(last, patience), overrides), paths };
  }
  const paths = operands.slice(0, -2);
  const [source, destination] = operands.slice(-2);
  if (paths.length === 0 || source === undefined || destination === undefined) {
    throw new UsageError(
      'why takes at least one path, and after it a source and a destination, or a task file',
    );
  }
  if (source === '' || destination === '') {
    throw new UsageError(`the ${source === '' ? 'source' : 'destination'} is empty: is a variable not set?`);
  }
  return { command: 'sync', source, destination, options, filters, given, paths };
}

/** A directory of such a name is a destination. */
function isTaskFile(operand: ByteString): boolean {
  if (!/\.ya?ml$/.test(operand)) return false;
  const found = lstatSync(Buffer.from(operand, 'latin1'), { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory();
}
