/** After a stale handle: makes sure that both roots are those the run began with. */
import { FatalError } from '../errors.ts';
import { renewRoot } from '../filesystem/renew-root.ts';
import { displayName } from '../model/display-name.ts';
import type { WorkerContext } from './worker-context.ts';

/** @throws FatalError */
export async function renewRoots(context: WorkerContext): Promise<void> {
  for (const side of ['source', 'destination'] as const) {
    const identity = context.setup[side];
    if ((await renewRoot(context[side], identity)) === 'usable') continue;
    const { path } = identity;
    throw new FatalError(
      `cannot go on: the ${side} ${displayName(path)} has gone stale, ` +
        'and its path no longer leads to the directory the run began with; was it replaced?',
      { code: 'ESTALE', path },
    );
  }
}
