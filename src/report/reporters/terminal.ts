/** The live line of a terminal: a spinner while totals are unknown, a bar once they are known. */
import { capitalized } from '../text/quantities.ts';
import { clearLine, cursorTo } from 'node:readline';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Options, Ora } from 'ora';
import type { Limits } from '../../model/settings.ts';
import type { Tally } from '../../model/tally.ts';
import type { Task, Phase } from '../../model/task.ts';
import { limitsLine } from '../text/sentences.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import {
  barText,
  preparingText,
  progressOf,
  progressText,
  SpeedMeter,
  type Progress,
} from '../text/progress.ts';

const BAR_STEPS = 1000;
/** Space for phase, percentage, time left, files, bytes and rate of a large tree. */
const COLUMNS_BESIDE_BAR = 72;

/** PERF: its packages take 60 ms to load, which a run without a terminal need not spend. */
export async function createTerminalReporter(
  screen: Screen,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PartialReporter> {
  const { default: createSpinner } = await import('ora');
  // Undefined: the package chooses by the type of the terminal alone.
  const frames = showsUtf8(variables) ? {} : { spinner: 'line' as const };
  return new TerminalReporter(screen, (options) => createSpinner({ ...options, ...frames }));
}

/** locale(7): the first variable that is set decides; without any, the locale is C. */
function showsUtf8({ LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

type CreateSpinner = (options: Options) => Ora;

class TerminalReporter implements PartialReporter {
  readonly #screen: Screen;
  readonly #createSpinner: CreateSpinner;
  #task: Task | undefined;
  #phase: Phase = 'preparing';
  #meter = new SpeedMeter();
  #spinner: Ora | undefined;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;

  constructor(screen: Screen, createSpinner: CreateSpinner) {
    this.#screen = screen;
    this.#createSpinner = createSpinner;
  }

  started(task: Task): void {
    this.#task = task;
  }

  phaseStarted(phase: Phase): void {
    this.#phase = phase;
    this.#meter = new SpeedMeter();
    this.#spin(capitalized(phase));
  }

  progressed(tally: Tally): void {
    const progress = progressOf(this.#phase, tally, this.#task?.settings);
    const { fraction } = progress;
    const speed = this.#meter.add({
      atMs: performance.now(),
      bytes: progress.bytes,
      fraction: fraction ?? 0,
    });
    if (this.#phase === 'preparing') this.#spin(`Preparing: ${preparingText(tally)}`);
    else if (fraction === undefined)
      this.#spin(`${capitalized(this.#phase)}: ${progressText(progress, speed)}`);
    else this.#draw(progress, barText(progress, speed));
  }

  limitsChanged(limits: Limits): void {
    this.#screen.out(`${limitsLine(limits)}\n`);
  }

  phaseEnded(): void {
    this.#stop();
  }

  finished(): void {
    this.#stop();
  }

  failed(): void {
    this.#stop();
  }

  #spin(text: string): void {
    if (this.#bar) return;
    if (this.#spinner === undefined) {
      const stream = this.#screen.errStream;
      // Its guard of standard input would swallow Ctrl-C; and a killed run must not leave the cursor hidden.
      this.#spinner = this.#createSpinner({
        text,
        stream,
        color: false,
        discardStdin: false,
        hideCursor: false,
        isEnabled: true,
      }).start();
      this.#screen.setLiveLine(() => this.#spinner?.clear());
    }
    this.#spinner.text = text;
  }

  #draw(progress: Progress, text: string): void {
    const value = Math.floor((progress.fraction ?? 0) * BAR_STEPS);
    if (this.#bar === undefined) this.#startBar(value, text);
    else this.#bar.update(value, { text });
  }

  /** Uses one bar of a MultiBar: a single bar moves the cursor back to its start when it stops. */
  #startBar(value: number, text: string): void {
    this.#stop();
    const stream = this.#screen.errStream;
    this.#bars = new MultiBar({
      format: `${capitalized(this.#phase)} {bar} {percentage}% {text}`,
      stream,
      barsize: Math.min(30, Math.max(8, stream.columns - COLUMNS_BESIDE_BAR)),
      barCompleteChar: '#',
      barIncompleteChar: '.',
      clearOnComplete: true,
      // Redrawn even if it has not moved: a line printed above may have taken its place.
      forceRedraw: true,
      // The package cuts lines to the width. A killed run must not leave a terminal without line wrap.
      linewrap: true,
      hideCursor: false,
    });
    this.#bar = this.#bars.create(BAR_STEPS, value, { text });
    this.#screen.setLiveLine(() => {
      cursorTo(stream, 0);
      clearLine(stream, 0);
    });
  }

  #stop(): void {
    this.#screen.flush();
    this.#spinner?.stop();
    this.#bars?.stop();
    this.#spinner = undefined;
    this.#bars = undefined;
    this.#bar = undefined;
    this.#screen.setLiveLine(undefined);
  }
}
