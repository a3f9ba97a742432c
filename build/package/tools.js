/** Runs the programs that packages are built with. */
import { execFileSync } from 'node:child_process';

/** What a program prints. @throws Error if it fails, after what it said on standard error */
export function output(program, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  return execFileSync(program, args, { encoding: 'utf8', stdio, maxBuffer: 2 ** 26, ...options });
}
