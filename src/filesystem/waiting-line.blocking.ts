/** Where calls block, nobody is there who could give back what another waits for. */

export class WaitingLine {
  wait(): never {
    throw new Error('to wait here would be for ever: more is taken than one task may hold');
  }

  serve(): boolean {
    return false;
  }
}
