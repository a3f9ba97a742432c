/** The live line of a terminal: a spinner while totals are unknown, a bar once they are known. */
import { capitalized } from '../text/quantities.ts';
import type { ByteString } from '../../model/byte-string.ts';
import { clearLine, cursorTo } from 'node:readline';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Options, Ora } from 'ora';
import type { Limits } from '../../model/settings.ts';
import type { Tally } from '../../model/tally.ts';
import type { Task, Phase } from '../../model/task.ts';
import { limitsLine, taskLine } from '../text/sentences.ts';
import { DEFAULT_COLUMNS, type Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import { liveLine } from '../text/live-line.ts';
import {
  phaseEndText,
  preparingText,
  progressOf,
  progressText,
  SpeedMeter,
  waitingText,
  type Progress,
  type Speed,
} from '../text/progress.ts';

const BAR_STEPS = 1000;

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

interface Drawn {
  readonly progress: Progress;
  readonly speed: Speed;
}

type CreateSpinner = (options: Options) => Ora;

class TerminalReporter implements PartialReporter {
  readonly #screen: Screen;
  readonly #createSpinner: CreateSpinner;
  #task: Task | undefined;
  /** Printed above the first line that stays: a refused run has not begun. */
  #heading = '';
  #tally: Tally | undefined;
  #phase: Phase = 'preparing';
  #meter = new SpeedMeter();
  #waitsFor: ByteString | undefined;
  #spinner: Ora | undefined;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;

  constructor(screen: Screen, createSpinner: CreateSpinner) {
    this.#screen = screen;
    this.#createSpinner = createSpinner;
  }

  started(task: Task): void {
    this.#task = task;
    this.#heading = `${taskLine(task)}\n`;
  }

  phaseStarted(phase: Phase): void {
    this.#phase = phase;
    this.#meter = new SpeedMeter();
    this.#spin(capitalized(phase));
  }

  progressed(tally: Tally): void {
    this.#tally = tally;
    const progress = progressOf(this.#phase, tally, this.#task?.settings);
    const { fraction } = progress;
    const speed = { ...this.#meter.add(performance.now(), progress), waitsFor: this.#waitsFor };
    if (this.#phase === 'preparing') this.#spin(`Preparing: ${preparingText(tally)}${this.#waiting()}`);
    else if (fraction === undefined)
      this.#spin(`${capitalized(this.#phase)}: ${progressText(progress, speed)}${this.#waiting()}`);
    else this.#draw(progress, speed);
  }

  waitsFor(mountPoint: ByteString | undefined): void {
    this.#waitsFor = mountPoint;
  }

  limitsChanged(limits: Limits): void {
    this.#print(limitsLine(limits));
  }

  phaseEnded(phase: Phase, elapsedMs: number): void {
    this.#stop();
    if (this.#tally) this.#print(`${capitalized(phase)}: ${phaseEndText(phase, this.#tally, elapsedMs)}`);
  }

  finished(): void {
    this.#stop();
  }

  failed(): void {
    this.#stop();
  }

  #waiting(): string {
    return this.#waitsFor === undefined ? '' : `, ${waitingText(this.#waitsFor)}`;
  }

  #print(line: string): void {
    this.#screen.out(`${this.#heading}${line}\n`);
    this.#heading = '';
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

  #draw(progress: Progress, speed: Speed): void {
    const value = Math.floor((progress.fraction ?? 0) * BAR_STEPS);
    if (this.#bar === undefined) this.#startBar(value, { progress, speed });
    else this.#bar.update(value, { progress, speed });
  }

  /** Uses one bar of a MultiBar: a single bar moves the cursor back to its start when it stops. */
  #startBar(value: number, drawn: Drawn): void {
    this.#stop();
    const stream = this.#screen.errStream;
    this.#bars = new MultiBar({
      // At each redraw, as the terminal may have another width by now.
      format: (_options, _params, { progress, speed }: Drawn) =>
        liveLine(this.#phase, progress, speed, stream.columns || DEFAULT_COLUMNS),
      stream,
      clearOnComplete: true,
      // Redrawn even if it has not moved: a line printed above may have taken its place.
      forceRedraw: true,
      // The package cuts lines to the width. A killed run must not leave a terminal without line wrap.
      linewrap: true,
      hideCursor: false,
    });
    this.#bar = this.#bars.create(BAR_STEPS, value, drawn);
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
