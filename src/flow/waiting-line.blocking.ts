/** Replaces the waiting line where calls block: nobody else runs who could return what a caller waits for. */

export class WaitingLine {
  wait(): never {
    throw new Error('this wait would never end: more is taken than one task may hold');
  }

  serve(): boolean {
    return false;
  }
}
