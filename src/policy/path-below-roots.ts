/** The path that somebody asks about, as one below the roots. */
import { posix } from 'node:path';
import type { ByteString } from '../model/byte-string.ts';
import { displayName } from '../model/display-name.ts';
import { UsageError } from '../model/run/errors.ts';

/** Empty: the roots. @param roots absolute, for an absolute path; others count from the roots @throws UsageError */
export function pathBelowRoots(path: ByteString, roots: readonly ByteString[]): ByteString {
  if (path === '') throw new UsageError('a path is empty: is a variable not set?');
  const whole = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (!whole.startsWith('/')) {
    if (whole === '..' || whole.startsWith('../')) throw outside(path, 'leads out of the source with ".."');
    return whole === '.' ? '' : whole;
  }
  for (const root of roots) {
    if (whole === root) return '';
    const start = root === '/' ? '/' : `${root}/`;
    if (whole.startsWith(start)) return whole.slice(start.length);
  }
  throw outside(path, 'lies in neither the source nor the destination');
}

function outside(path: ByteString, why: string): UsageError {
  return new UsageError(`${displayName(path)} ${why}; give one as it is below the source`);
}
