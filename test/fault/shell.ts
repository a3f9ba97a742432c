/** One shell for many commands: to start one from a process as large as a test's takes longer than its work. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Shell {
  /** Runs one line. @throws if it fails */
  run(line: string): Promise<void>;
  end(): void;
}

export function startShell(): Shell {
  const child = spawn('sh', { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: async (line) => {
      child.stdin.write(`${line}\necho $?\n`);
      const { value } = (await answers.next()) as { value?: string };
      if (value !== '0') throw new Error(`${line}: ${String(value)}`);
    },
    end: () => void child.stdin.end(),
  };
}
