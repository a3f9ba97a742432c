/**
 * Checks mount options against those that Amazon EFS recommends, and reports the effect of each deviation and
 * its fix.
 */
import type { Check } from '../model/preflight-results.ts';
import type { Mount } from '../model/run/location.ts';
import type { Side } from '../model/task.ts';

export interface NfsMount {
  readonly side: Side;
  readonly mount: Mount;
  readonly isEfs: boolean;
}

type Deviation = Omit<Check, 'subject'> | undefined;
type Rule = (options: NfsOptions, of: NfsMount) => Deviation;

const BLOCK_BYTES = 1024 * 1024;
/** In tenths of a second. */
const LEAST_TIMEO = 600;

/** https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-nfs-mount-settings.html, nfs(5) */
const RULES: readonly Rule[] = [
  version,
  (options) => blockSize(options, 'rsize'),
  (options) => blockSize(options, 'wsize'),
  softness,
  patience,
  sourcePort,
  connections,
  (options) =>
    options.has('sync') ? warning('sync: every write waits for the server', 'mount without sync') : undefined,
  (options) =>
    options.has('noac')
      ? warning('noac: every attribute check is a round trip', 'mount without noac')
      : undefined,
  (options) =>
    options.has('nocto')
      ? warning('nocto: changes by other clients may go unseen', 'mount without nocto')
      : undefined,
];

export function checkNfsOptions(of: NfsMount): Check[] {
  const options = new NfsOptions([...of.mount.options, ...of.mount.superOptions]);
  const subject = `${of.side}: mount options`;
  const deviations: Check[] = [];
  for (const rule of RULES) {
    const found = rule(options, of);
    if (found !== undefined) deviations.push({ subject, ...found });
  }
  if (deviations.length > 0) return deviations;
  const shown = ['vers', 'rsize', 'wsize', 'timeo'].map((name) => `${name}=${options.valueOf(name) ?? '?'}`);
  return [{ result: 'OK', subject, finding: [...shown, 'hard'].join(',') }];
}

class NfsOptions {
  readonly #options: readonly string[];

  constructor(options: readonly string[]) {
    this.#options = options;
  }

  has(name: string): boolean {
    return this.#options.includes(name);
  }

  valueOf(name: string): string | undefined {
    return this.#options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  numberOf(name: string): number | undefined {
    const value = this.valueOf(name);
    return value === undefined ? undefined : Number(value);
  }
}

function version(options: NfsOptions): Deviation {
  if (options.valueOf('vers') !== '4.0') return undefined;
  return warning('NFS 4.0: files of the same owner are opened one at a time', 'mount with nfsvers=4.1');
}

function blockSize(options: NfsOptions, name: 'rsize' | 'wsize'): Deviation {
  const sizeBytes = options.numberOf(name);
  if (sizeBytes === undefined || sizeBytes >= BLOCK_BYTES) return undefined;
  const times = Math.round(BLOCK_BYTES / sizeBytes);
  return warning(
    `${name}=${sizeBytes}: large files take ${times} times as many round trips as with ${BLOCK_BYTES}`,
    `mount with ${name}=${BLOCK_BYTES}, if the server allows it`,
  );
}

function softness(options: NfsOptions, { side }: NfsMount): Deviation {
  if (!options.has('soft') && !options.has('softerr')) return undefined;
  const effect =
    side === 'source'
      ? 'files being read during a server outage fail'
      : 'data being written during a server outage is lost, and those files fail';
  return warning(`soft: ${effect}`, 'mount with hard: the run waits until the server is back');
}

function patience(options: NfsOptions): Deviation {
  const timeo = options.numberOf('timeo');
  if (timeo === undefined || timeo >= LEAST_TIMEO) return undefined;
  return warning(
    `timeo=${timeo}: requests are sent again after ${timeo / 10} s, which only adds to the load of a slow server`,
    `mount with timeo=${LEAST_TIMEO}`,
  );
}

function sourcePort(options: NfsOptions, { isEfs }: NfsMount): Deviation {
  if (!isEfs || options.has('noresvport')) return undefined;
  return warning(
    'without noresvport the client may not reach EFS again after a network interruption',
    'mount with noresvport',
  );
}

function connections(options: NfsOptions, { isEfs }: NfsMount): Deviation {
  const count = options.numberOf('nconnect');
  if (!isEfs || count === undefined || count === 1) return undefined;
  return warning(`nconnect=${count}: EFS does not support it`, 'mount without nconnect');
}

function warning(finding: string, cure: string): Deviation {
  return { result: 'WARNING', finding, cure };
}
