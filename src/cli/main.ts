/** Where the process starts. Loads only what the answer needs: `--version` costs next to nothing. */
import { packageVersion } from '../report/version.ts';

const OLDEST_NODE = 20;
const LOCATION_STATUS = 3;
const FATAL_STATUS = 11;
const BUG_STATUS = 70;

/** Why this machine cannot run the tool at all. */
function unsupported(): string | undefined {
  if (process.platform !== 'linux') return `efs-sync runs only on Linux, not on ${process.platform}`;
  const major = Number(process.versions.node.split('.')[0]);
  return major < OLDEST_NODE
    ? `efs-sync needs Node.js ${OLDEST_NODE} or newer, but this is ${major}`
    : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const version = args.length === 1 && (args[0] === '--version' || args[0] === '-V');
  if (version) {
    process.stdout.once('error', (error) => void tellLoss(error));
    process.stdout.write(`efs-sync ${packageVersion()}\n`);
    return 0;
  }
  const reason = unsupported();
  if (reason !== undefined) {
    process.stderr.write(`efs-sync: ${reason}\n`);
    return LOCATION_STATUS;
  }
  const { runCommand } = await import('./run-command.ts');
  return runCommand(args);
}

/** PERF: loads only then what a screen does always, 80 ms. A reader that has gone needs no answer. */
async function tellLoss(error: NodeJS.ErrnoException): Promise<void> {
  if (error.code === 'EPIPE') return;
  process.once('exit', () => void (process.exitCode ||= FATAL_STATUS));
  const { reasonOf } = await import('../report/error-reason.ts');
  process.stderr.write(
    `efs-sync: cannot write to standard output: ${reasonOf(error)}; nothing was printed\n`,
  );
}

async function run(): Promise<void> {
  // If the process ends before there is a result, that is no success.
  process.exitCode = BUG_STATUS;
  process.exitCode = await main(process.argv.slice(2));
}

void run();
