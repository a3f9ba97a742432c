/**
 * `--limits-file`: `bwlimit=RATE` and `opslimit=N`, as on the command line. Read before the run starts, and
 * again whenever it is replaced or changed.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { type BigIntStats, fstat as fstatWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { UsageError } from '../../model/run/errors.ts';
import type { Limits } from '../../model/settings.ts';
import { reasonOf } from '../../report/error-reason.ts';
import { displayName } from '../../model/display-name.ts';
import { type Patience, within } from '../../flow/patience.ts';
import { readOpenFile, withRegularFile } from '../../filesystem/operator-files/pooled-io.ts';
import { OPERATIONS, RATE } from './table/option-values.ts';

const LOOK_EVERY_MS = 1000;

const fstat = promisify((descriptor: number, done: (error: Error | null, stat: BigIntStats) => void) =>
  fstatWithCallback(descriptor, { bigint: true }, done),
);

export interface LimitsFile {
  readonly current: () => Limits;
  readonly unwatch: () => void;
}

/**
 * `warn` is called for an unusable file, once per change, and the limits stay as they are. Without the file,
 * the limits of the command line apply.
 * @throws UsageError if it is unusable from the start; Interrupted, TimedOut
 */
export async function watchLimitsFile(
  file: ByteString,
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
  /** Differs after each detectable change. */
  readonly version: string;
  /** Undefined if there is no file, or no new version of it. */
  readonly text?: string;
  readonly problem?: Error;
}

async function lookAt(file: ByteString, known: string): Promise<Look> {
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
function limitsOf(file: ByteString, { text, problem }: Look, otherwise: Limits): Limits {
  if (problem === undefined && text === undefined) return otherwise;
  try {
    if (problem !== undefined) throw problem;
    return parseLimits(text ?? '', otherwise);
  } catch (cause) {
    const reason = cause instanceof UsageError ? cause.message : reasonOf(cause);
    throw new UsageError(`--limits-file=${displayName(file)}: ${reason}`, { cause });
  }
}

/** Limits that the text does not name are taken from `otherwise`. @throws UsageError that names the line */
export function parseLimits(text: string, otherwise: Limits): Limits {
  const { bandwidthBytesPerSec, operationsPerSec } = otherwise;
  const limits = { bandwidthBytesPerSec, operationsPerSec };
  for (const [index, line] of text.split('\n').entries()) {
    const setting = line.trim();
    if (setting === '' || setting.startsWith('#')) continue;
    Object.assign(
      limits,
      namingLine(index + 1, () => parseSetting(setting)),
    );
  }
  return limits;
}

function parseSetting(setting: string): Partial<Limits> {
  const [, name, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(setting) ?? [];
  if (name === 'bwlimit') return { bandwidthBytesPerSec: RATE.parse(value) };
  if (name === 'opslimit') return { operationsPerSec: OPERATIONS.parse(value) };
  throw new UsageError(`"${displayName(setting)}" is neither bwlimit=RATE nor opslimit=N`);
}

function namingLine<Value>(line: number, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(`line ${line}: ${cause.message}`, { cause });
  }
}
