/** Whether anything moves in a run, and if not, what it waits for: readable from any thread. */
import { newCallNotes, ownCallNotes, readCallNotes } from '../filesystem/linux/call-notes.ts';
import { describeCalls, type StuckCall } from '../filesystem/stuck-calls.ts';
import { Heartbeat } from '../flow/heartbeat.ts';

/** What travels to another thread. */
export interface SharedMovement {
  readonly heartbeat: SharedArrayBuffer;
  readonly notes: readonly SharedArrayBuffer[];
}

export class Movement {
  readonly heartbeat: Heartbeat;
  readonly #notes: SharedArrayBuffer[];
  /** Told of those of each isolate to come. */
  onNotes: ((notes: SharedArrayBuffer) => void) | undefined;

  constructor(shared?: SharedMovement) {
    this.heartbeat = new Heartbeat(shared?.heartbeat);
    this.#notes = shared === undefined ? [ownCallNotes()] : [...shared.notes];
  }

  get shared(): SharedMovement {
    return { heartbeat: this.heartbeat.shared, notes: this.#notes };
  }

  /** Of the isolate that began the run. */
  get ownNotes(): SharedArrayBuffer {
    return this.#notes[0] as SharedArrayBuffer;
  }

  /** For an isolate to come. */
  newNotes(): SharedArrayBuffer {
    const notes = newCallNotes();
    this.add(notes);
    this.onNotes?.(notes);
    return notes;
  }

  add(notes: SharedArrayBuffer): void {
    this.#notes.push(notes);
  }

  /** Another number than before: something has moved. */
  get count(): number {
    return this.#notes.reduce((sum, notes) => sum + readCallNotes(notes).moves, this.heartbeat.count);
  }

  callsUnderWay(): StuckCall[] {
    return describeCalls(this.#notes.flatMap((notes) => readCallNotes(notes).calls));
  }
}

/** How long nothing has moved. */
export class Silence {
  readonly #movement: Movement;
  #count = -1;
  #sinceMs = 0;

  constructor(movement: Movement) {
    this.#movement = movement;
  }

  lookMs(): number {
    const { count } = this.#movement;
    if (count !== this.#count) {
      this.#count = count;
      this.#sinceMs = performance.now();
    }
    return performance.now() - this.#sinceMs;
  }
}
