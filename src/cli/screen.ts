/**
 * Standard output and standard error as one place to write to: in order with each other, above a live
 * progress line, and silent once the reader has gone (`| head`), for the sync goes on.
 */
import { reasonOf } from './error-reason.ts';
import { ExitStatus } from './exit-status.ts';
import { loadPaint, NO_PAINT, type Paint } from './paint.ts';
import type { Presentation } from './presentation.ts';

export interface Screen {
  out(text: string): void;
  err(text: string): void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  readonly errStream: NodeJS.WriteStream;
  /** Standard error is a terminal that a line can move on. */
  readonly isLive: boolean;
  flush(): void;
  /** `clear` removes the live line before anything else is written; undefined: there is none. */
  setLiveLine(clear: (() => void) | undefined): void;
}

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** A million listed changes must not be a million calls of write(2). */
const BUFFER_LENGTH = 65_536;
const DEFAULT_COLUMNS = 80;

export async function createScreen(
  streams: Streams,
  color: Presentation['color'],
  variables: Variables,
): Promise<Screen> {
  let clearLiveLine: (() => void) | undefined;
  let pending = '';
  const writeErr = writerOf(streams.stderr, failInTheEnd);
  const writeOut = writerOf(streams.stdout, (error) => {
    writeErr(`efs-sync: cannot write to standard output: ${reasonOf(error)}; going on without it\n`);
    failInTheEnd();
  });
  const flush = (): void => {
    if (pending === '') return;
    if (streams.stdout.isTTY) clearLiveLine?.();
    writeOut(pending);
    pending = '';
  };
  return {
    out(text) {
      if (pending === '') setImmediate(flush);
      pending += text;
      if (pending.length >= BUFFER_LENGTH) flush();
    },
    err(text) {
      flush();
      clearLiveLine?.();
      writeErr(text);
    },
    outPaint: await paintFor(streams.stdout, color, variables),
    errPaint: await paintFor(streams.stderr, color, variables),
    errStream: streams.stderr,
    isLive: canMoveLine(streams.stderr, variables),
    flush,
    setLiveLine: (clear) => (clearLiveLine = clear),
  };
}

/** A disk that is full lost what was to be printed; a sync that goes well otherwise is no success then. */
function failInTheEnd(): void {
  process.once('exit', () => {
    process.exitCode ||= ExitStatus.fatal;
  });
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org define them. */
export function wantsColor(isTerminal: boolean, color: Presentation['color'], variables: Variables): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = variables;
  if (forced) return forced !== '0';
  return isTerminal && !refused && terminal !== 'dumb';
}

/** Some terminals say that they have no columns, and a line on them would be redrawn for ever. */
function canMoveLine(stream: NodeJS.WriteStream, variables: Variables): boolean {
  if (!stream.isTTY || variables['TERM'] === 'dumb' || variables['CI']) return false;
  stream.columns ||= DEFAULT_COLUMNS;
  return true;
}

async function paintFor(stream: NodeJS.WriteStream, color: Presentation['color'], variables: Variables) {
  return wantsColor(stream.isTTY, color, variables) ? loadPaint() : NO_PAINT;
}

type Writer = (text: string) => void;
type OnLoss = (error: Error) => void;

/** One a stream: each listens for errors, and a run of many tasks makes many screens. */
const writers = new WeakMap<NodeJS.WriteStream, Writer>();

function writerOf(stream: NodeJS.WriteStream, onLoss: OnLoss): Writer {
  const writer = writers.get(stream) ?? createWriter(stream, onLoss);
  writers.set(stream, writer);
  return writer;
}

/** The reader went away, or the terminal did: nobody misses the rest. */
const READER_IS_GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

function createWriter(stream: NodeJS.WriteStream, onLoss: OnLoss): Writer {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone && !READER_IS_GONE.has(error.code)) onLoss(error);
    gone = true;
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}
