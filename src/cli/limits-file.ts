/** `--limits-file`: read before the run starts, and again whenever it is another or has changed. */
import { fstat as fstatWithCallback, type BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import type { Limits } from '../model/limits.ts';
import { reasonOf } from './error-reason.ts';
import { displayName } from '../model/display-name.ts';
import { parseLimits } from './parse-limits.ts';
import { within, type Patience } from './patience.ts';
import { readOpenFile, withRegularFile } from './read-input.ts';

const LOOK_EVERY_MS = 1000;

const fstat = promisify((descriptor: number, done: (error: Error | null, stat: BigIntStats) => void) =>
  fstatWithCallback(descriptor, { bigint: true }, done),
);

export interface LimitsFile {
  readonly current: () => Limits;
  readonly unwatch: () => void;
}

/**
 * `warn` hears of a file that cannot be used any more, once each time it changes: the limits stay as they
 * are. A missing one leaves the limits of the command line.
 * @throws UsageError where it is no use from the start; Interrupted, TimedOut
 */
export async function watchLimitsFile(
  file: string,
  otherwise: Limits,
  { warn, patience }: { warn: (message: string) => void; patience: Patience },
): Promise<LimitsFile> {
  const first = await within(patience, `--limits-file=${displayName(file)}`, lookAt(file, ''));
  let { version } = first;
  let limits = limitsOf(file, first, otherwise);
  let isLooking = false;
  const look = async (): Promise<void> => {
    const found = await lookAt(file, version);
    if (found.version === version) return;
    version = found.version;
    limits = limitsOf(file, found, otherwise);
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => warn(`${(error as Error).message}; the limits stay as they are`))
      .finally(() => (isLooking = false));
  }, LOOK_EVERY_MS);
  timer.unref();
  return { current: () => limits, unwatch: () => clearInterval(timer) };
}

interface Look {
  /** Another for each change that can be told. */
  readonly version: string;
  /** Undefined: there is none, or none that is another than the one known. */
  readonly text?: string;
  readonly problem?: Error;
}

async function lookAt(file: string, known: string): Promise<Look> {
  try {
    return await withRegularFile(file, async (descriptor) => {
      const { dev, ino, size, mtimeNs, ctimeNs } = await fstat(descriptor);
      const version = [dev, ino, size, mtimeNs, ctimeNs].join();
      if (version === known) return { version };
      return { version, text: (await readOpenFile(descriptor)).toString('latin1') };
    });
  } catch (error) {
    const version = reasonOf(error);
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? { version }
      : { version, problem: error as Error };
  }
}

/** @throws UsageError */
function limitsOf(file: string, { text, problem }: Look, otherwise: Limits): Limits {
  if (problem === undefined && text === undefined) return otherwise;
  try {
    if (problem !== undefined) throw problem;
    return parseLimits(text ?? '', otherwise);
  } catch (cause) {
    const reason = cause instanceof UsageError ? cause.message : reasonOf(cause);
    throw new UsageError(`--limits-file=${displayName(file)}: ${reason}`, { cause });
  }
}
