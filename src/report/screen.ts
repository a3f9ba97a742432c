/**
 * Standard output and standard error as one place to write to: in order with each other, above a live progress
 * line, and in colours if a terminal or the user wants them. Silent once the reader has gone (`| head`), as
 * the sync goes on.
 */
import { Socket } from 'node:net';
import { reasonOf } from './error-reason.ts';
import { ExitStatus } from './exit-status.ts';
import type { Presentation } from './presentation.ts';

export interface Screen {
  out(text: string): void;
  err(text: string): void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  readonly errStream: NodeJS.WriteStream;
  /** Standard error is a terminal with a movable cursor, and nothing that shares it reads standard output. */
  readonly isLive: boolean;
  /** Standard output and standard error are read together, on a terminal. */
  readonly isShared: boolean;
  flush(): void;
  /** `clear` removes the live line before anything else is written; undefined: there is no live line. */
  setLiveLine(clear: (() => void) | undefined): void;
}

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Buffers output, as a million listed changes must not cause a million calls of write(2). */
const BUFFER_LENGTH = 65_536;
export const DEFAULT_COLUMNS = 80;

export async function createScreen(
  streams: Streams,
  color: Presentation['color'],
  variables: Variables,
): Promise<Screen> {
  let clearLiveLine: (() => void) | undefined;
  let pending = '';
  const writeErr = writerOf(streams.stderr, failInTheEnd);
  const writeOut = writerOf(streams.stdout, (error) => {
    writeErr(`efs-sync: cannot write to standard output: ${reasonOf(error)}; continuing without it\n`);
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
    isLive: canMoveLine(streams.stderr, variables) && !isPipe(streams.stdout),
    isShared: streams.stdout.isTTY && streams.stderr.isTTY,
    flush,
    setLiveLine: (clear) => (clearLiveLine = clear),
  };
}

/** A full disk lost some output, so even a successful sync is no success. */
function failInTheEnd(): void {
  process.once('exit', () => {
    process.exitCode ||= ExitStatus.fatal;
  });
}

/** NO_COLOR and FORCE_COLOR as defined by no-color.org and force-color.org. */
export function wantsColor(isTerminal: boolean, color: Presentation['color'], variables: Variables): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = variables;
  if (forced) return forced !== '0';
  return isTerminal && !refused && terminal !== 'dumb';
}

/** Some terminals report zero columns, and a live line on them would be redrawn without end. */
function canMoveLine(stream: NodeJS.WriteStream, variables: Variables): boolean {
  if (!stream.isTTY || variables['TERM'] === 'dumb' || variables['CI']) return false;
  stream.columns ||= DEFAULT_COLUMNS;
  return true;
}

/** What reads it (`| less`, `| tee`) most likely writes to the same terminal. */
function isPipe(stream: NodeJS.WriteStream): boolean {
  return stream instanceof Socket && !stream.isTTY;
}

async function paintFor(stream: NodeJS.WriteStream, color: Presentation['color'], variables: Variables) {
  return wantsColor(stream.isTTY, color, variables) ? loadPaint() : NO_PAINT;
}

type Writer = (text: string) => void;
type OnLoss = (error: Error) => void;

/** One per stream: each listens for errors, and a run of many tasks makes many screens. */
const writers = new WeakMap<NodeJS.WriteStream, Writer>();

function writerOf(stream: NodeJS.WriteStream, onLoss: OnLoss): Writer {
  const writer = writers.get(stream) ?? createWriter(stream, onLoss);
  writers.set(stream, writer);
  return writer;
}

/** The reader or the terminal is gone, so nobody misses the rest. */
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

export type Paint = Readonly<
  Record<'green' | 'yellow' | 'red' | 'boldGreen' | 'boldYellow' | 'boldRed', (text: string) => string>
>;

const asItIs = (text: string): string => text;

export const NO_PAINT: Paint = {
  green: asItIs,
  yellow: asItIs,
  red: asItIs,
  boldGreen: asItIs,
  boldYellow: asItIs,
  boldRed: asItIs,
};

/** PERF: chalk takes 15 ms to load, which a run without colours need not spend. */
export async function loadPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const { bold, green, yellow, red } = new Chalk({ level: 1 });
  return { green, yellow, red, boldGreen: bold.green, boldYellow: bold.yellow, boldRed: bold.red };
}
