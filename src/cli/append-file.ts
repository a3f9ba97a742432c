/** A file that lines are appended to, each whole, and that can be opened anew once it was renamed. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';
import { guardOutput, lossOf, type OutputTrouble } from './output-files.ts';

export interface AppendFile {
  append(text: string): void;
  reopen(): void;
  close(): void;
}

/** @throws UsageError where it cannot be opened */
export function openForAppend(option: string, file: string, trouble: OutputTrouble): AppendFile {
  const open = () => openSync(Buffer.from(file, 'latin1'), 'a');
  let descriptor = guardOutput(option, file, open);
  let isBroken = false;
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      const loss = lossOf(option, file, error);
      if (!isBroken) trouble.warn(`${loss}; going on without it`);
      isBroken = true;
      trouble.lose(loss);
    }
  };
  const close = () => attempt(() => closeSync(descriptor));
  return {
    append(text) {
      // Goes on after a short write, which writeSync would leave to the caller.
      if (!isBroken) attempt(() => writeFileSync(descriptor, text));
    },
    reopen() {
      try {
        const renewed = open();
        close();
        descriptor = renewed;
        isBroken = false;
      } catch (error) {
        const what = `cannot open --${option}=${displayName(file)} anew: ${reasonOf(error)}`;
        trouble.warn(`${what}; going on with the file it was`);
      }
    },
    close,
  };
}
