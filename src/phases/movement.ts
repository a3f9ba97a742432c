/** Whether anything moves in a run, and if not, what it waits for: readable from any thread. */
import { newCallNotes, ownCallNotes, readCallNotes } from '../filesystem/linux/call-notes.ts';
import type { CallName } from '../filesystem/linux/call-table.ts';
import { describeCalls } from '../filesystem/stuck-calls.ts';
import { Activity } from '../flow/activity.ts';
import { Heartbeat } from '../flow/heartbeat.ts';
import type { Waiting } from '../policy/describe-silence.ts';

/** They last as long as there is data to write. */
const FLUSHES: ReadonlySet<CallName> = new Set<CallName>(['fsync', 'sync_file_range', 'syncfs']);

/** Memory that an isolate writes to and others read. */
export interface IsolateNotes {
  readonly calls: SharedArrayBuffer;
  /** Paths of the files that it writes: calls may know them by another name. */
  readonly writing: SharedArrayBuffer;
}

/** What travels to another thread. */
export interface SharedMovement {
  readonly heartbeat: SharedArrayBuffer;
  readonly isolates: readonly IsolateNotes[];
}

export class Movement {
  readonly heartbeat: Heartbeat;
  readonly #isolates: IsolateNotes[];
  /** Where files are written; undefined: not known yet, or in another thread. */
  destination: Waiting['destination'];
  /** Told of each isolate to come. */
  onIsolate: ((notes: IsolateNotes) => void) | undefined;

  constructor(shared?: SharedMovement) {
    this.heartbeat = new Heartbeat(shared?.heartbeat);
    this.#isolates = shared === undefined ? [newNotes(ownCallNotes())] : [...shared.isolates];
  }

  get shared(): SharedMovement {
    return { heartbeat: this.heartbeat.shared, isolates: this.#isolates };
  }

  /** Those of the isolate that began the run. */
  get own(): IsolateNotes {
    return this.#isolates[0] as IsolateNotes;
  }

  addIsolate(notes = newNotes(newCallNotes())): IsolateNotes {
    this.#isolates.push(notes);
    this.onIsolate?.(notes);
    return notes;
  }

  /** Another number than before: something has moved. */
  get count(): number {
    return this.#isolates.reduce((sum, { calls }) => sum + readCallNotes(calls).moves, this.heartbeat.count);
  }

  /** Some call waits until data is on the disk. */
  get isFlushing(): boolean {
    return this.#isolates.some(({ calls }) =>
      readCallNotes(calls).calls.some(({ call }) => FLUSHES.has(call)),
    );
  }

  /** What is waited for where nothing moves. */
  waiting(): Waiting {
    return {
      calls: describeCalls(this.#isolates.flatMap(({ calls }) => readCallNotes(calls).calls)),
      destination: this.destination,
      writing: this.#isolates.flatMap(({ writing }) => new Activity(writing).list()),
    };
  }
}

function newNotes(calls: SharedArrayBuffer): IsolateNotes {
  return { calls, writing: new Activity().shared };
}
