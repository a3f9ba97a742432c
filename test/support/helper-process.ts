/** A Python program that runs during a test until it is told to stop, and then reports what it did. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface HelperProcess<Done = Record<string, number>> {
  /** Stops it and gives what it reports. */
  readonly stop: () => Promise<Done>;
}

/** The program starts with the line "ready", and ends with a line of JSON: counts, unless it says more. */
export async function startHelper<Done = Record<string, number>>(
  script: URL,
  args: readonly string[],
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<HelperProcess<Done>> {
  const child: ChildProcess = spawn('python3', ['-B', script.pathname, ...args], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  output.on('line', (line) => lines.push(line));
  const result = await Promise.race([once(output, 'line'), ended]);
  if (result[0] !== 'ready') throw new Error(`${script.pathname} did not begin`);
  return {
    stop: async () => {
      child.kill('SIGTERM');
      const [status] = await ended;
      if (status !== 0) throw new Error(`${script.pathname} ended with ${String(status)}`);
      return JSON.parse(lines.at(-1) as string) as Done;
    },
  };
}
