/** What a call is about, by the shape of its arguments: a name, perhaps relative to a descriptor, or a descriptor. */
import type { CallShape } from './call-table.ts';

/** Positions of arguments; -1: there is none. */
export interface Subject {
  readonly fdAt: number;
  readonly nameAt: number;
}

/** Of two names the last: what is to be, where something is linked or moved. */
export function subjectOf(call: string, { parameters }: CallShape): Subject {
  const isByFd = parameters[0] === 'int';
  // A later name is that of the attribute.
  if (call.endsWith('xattr')) return isByFd ? { fdAt: 0, nameAt: -1 } : { fdAt: -1, nameAt: 0 };
  const nameAt = parameters.lastIndexOf('name');
  if (nameAt < 0) return { fdAt: isByFd ? 0 : -1, nameAt };
  return { fdAt: parameters[nameAt - 1] === 'int' ? nameAt - 1 : -1, nameAt };
}
