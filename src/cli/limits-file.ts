/** `--limits-file`: read before the run starts, and again whenever it is another or has changed. */
import { promises as fs } from 'node:fs';
import { UsageError } from '../errors.ts';
import type { Limits } from '../model/limits.ts';
import { reasonOf } from './error-reason.ts';
import { displayName } from '../model/display-name.ts';
import { parseLimits } from './parse-limits.ts';

const LOOK_EVERY_MS = 1000;

export interface LimitsFile {
  readonly current: () => Limits;
  readonly unwatch: () => void;
}

/**
 * `warn` hears of a file that cannot be used any more, once each time it changes: the limits stay as they
 * are. A missing one leaves the limits of the command line. @throws UsageError where it is no use from the start
 */
export async function watchLimitsFile(
  file: string,
  otherwise: Limits,
  warn: (message: string) => void,
): Promise<LimitsFile> {
  let seen = await lookAt(file);
  let limits = await readLimits(file, seen, otherwise);
  let isLooking = false;
  const look = async (): Promise<void> => {
    const found = await lookAt(file);
    if (found.version === seen.version) return;
    seen = found;
    limits = await readLimits(file, found, otherwise);
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
  readonly isMissing?: boolean;
  readonly problem?: string;
}

async function lookAt(file: string): Promise<Look> {
  try {
    const found = await fs.stat(pathOf(file), { bigint: true });
    const version = [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join();
    // Another kind may be read from without end.
    return found.isFile() ? { version } : { version, problem: 'Not a regular file' };
  } catch (error) {
    const problem = reasonOf(error);
    return { version: problem, problem, isMissing: (error as NodeJS.ErrnoException).code === 'ENOENT' };
  }
}

async function readLimits(file: string, { isMissing, problem }: Look, otherwise: Limits): Promise<Limits> {
  if (isMissing === true) return otherwise;
  try {
    if (problem !== undefined) throw new UsageError(problem);
    return parseLimits(await fs.readFile(pathOf(file), 'latin1'), otherwise);
  } catch (cause) {
    const reason = cause instanceof UsageError ? cause.message : reasonOf(cause);
    throw new UsageError(`--limits-file=${displayName(file)}: ${reason}`, { cause });
  }
}

function pathOf(file: string): Buffer {
  return Buffer.from(file, 'latin1');
}
