/** Whether anything moves in a run, and if not, what it waits for: readable from any thread. */
import { CALL_NOTES_BYTES, ownCallNotes, readCallNotes } from '../../linux/call-notes.ts';
import type { CallName } from '../../linux/call-table.ts';
import { describeCalls } from '../../filesystem/mounts/stuck-calls.ts';
import { Activity, Heartbeat } from '../../flow/activity.ts';
import { shareCells, type Cells } from '../../flow/shared-cells.ts';
import type { Waiting } from '../../policy/describe-hang.ts';

/** These last as long as there is data to write. */
const FLUSHES: ReadonlySet<CallName> = new Set<CallName>(['fsync', 'sync_file_range', 'syncfs']);

/** Memory that one isolate writes and others read. */
export interface IsolateNotes {
  readonly calls: Cells;
  /** Paths of the files that it writes: its calls may know them by another name. */
  readonly writing: Cells;
}

/** The part that is sent to another thread. */
export interface SharedRunActivity {
  readonly heartbeat: Cells;
  readonly isolates: readonly IsolateNotes[];
}

export class RunActivity {
  readonly heartbeat: Heartbeat;
  readonly #heartbeatCells: Cells;
  readonly #isolates: IsolateNotes[];
  /** Where files are written; undefined if not known yet, or in another thread. */
  destination: Waiting['destination'];
  /** Called for each new isolate. */
  onIsolate: ((notes: IsolateNotes) => void) | undefined;

  constructor({ heartbeat, isolates }: SharedRunActivity = newRunActivity()) {
    this.#heartbeatCells = heartbeat;
    this.heartbeat = new Heartbeat(heartbeat);
    this.#isolates = [...isolates];
  }

  get shared(): SharedRunActivity {
    return { heartbeat: this.#heartbeatCells, isolates: this.#isolates };
  }

  /** The notes of the isolate that began the run. */
  get own(): IsolateNotes {
    return this.#isolates[0] as IsolateNotes;
  }

  addIsolate(notes = newNotes()): IsolateNotes {
    this.#isolates.push(notes);
    this.onIsolate?.(notes);
    return notes;
  }

  /** A number that changes whenever something moves. */
  get count(): number {
    return this.#isolates.reduce((sum, { calls }) => sum + readCallNotes(calls).moves, this.heartbeat.count);
  }

  /** Whether some call waits until data is on the disk. */
  get isFlushing(): boolean {
    return this.#isolates.some(({ calls }) =>
      readCallNotes(calls).calls.some(({ call }) => FLUSHES.has(call)),
    );
  }

  /** The calls and files that a stuck run waits for. */
  waiting(): Waiting {
    return {
      calls: describeCalls(this.#isolates.flatMap(({ calls }) => readCallNotes(calls).calls)),
      destination: this.destination,
      writing: this.#isolates.flatMap(({ writing }) => new Activity(writing).list()),
    };
  }
}

function newNotes(): IsolateNotes {
  return shareCells({ calls: CALL_NOTES_BYTES, writing: Activity.sizeBytes });
}

/** As far as there is one isolate. */
function newRunActivity(): SharedRunActivity {
  const { heartbeat, writing } = shareCells({
    heartbeat: Heartbeat.sizeBytes,
    writing: Activity.sizeBytes,
  });
  return { heartbeat, isolates: [{ calls: ownCallNotes(), writing }] };
}
