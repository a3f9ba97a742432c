/**
 * For the compiler: a module's twin in the worker without `async` must do the same as the module, without a
 * promise.
 */
import type * as lanes from '../../src/flow/lanes.ts';
import type * as lanesTwin from '../../src/flow/lanes.blocking.ts';
import type * as sleep from '../../src/flow/sleep.ts';
import type * as sleepTwin from '../../src/flow/sleep.blocking.ts';
import type * as waitingLine from '../../src/flow/waiting-line.ts';
import type * as waitingLineTwin from '../../src/flow/waiting-line.blocking.ts';
import type * as pooledCall from '../../src/linux/pooled-call.ts';
import type * as pooledCallTwin from '../../src/linux/pooled-call.blocking.ts';
import type * as ring from '../../src/linux/ring.ts';
import type * as ringTwin from '../../src/linux/ring.blocking.ts';

/** Called the same way, with a value instead of a promise. */
type Blocking<Original> = Original extends new (...args: infer Args) => infer Instance
  ? new (...args: Args) => { [Name in keyof Instance]: Blocking<Instance[Name]> }
  : Original extends (...args: infer Args) => infer Result
    ? (...args: Args) => Awaited<Result>
    : Original;

/** A twin has only the exports of its original that are imported where calls block. */
type TwinOf<Original> = { readonly [Name in keyof Original]?: Blocking<Original[Name]> };

type Extends<Twin extends Original, Original> = Twin;

export type Twins = [
  Extends<typeof lanesTwin, TwinOf<typeof lanes>>,
  Extends<typeof sleepTwin, TwinOf<typeof sleep>>,
  Extends<typeof waitingLineTwin, TwinOf<typeof waitingLine>>,
  Extends<typeof pooledCallTwin, TwinOf<typeof pooledCall>>,
  Extends<typeof ringTwin, TwinOf<typeof ring>>,
];
