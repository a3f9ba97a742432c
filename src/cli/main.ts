/** Where the process starts. Loads no more than the answer needs: `--version` costs next to nothing. */
import { packageVersion } from './version.ts';

const OLDEST_NODE = 20;
const LOCATION_STATUS = 3;
const BUG_STATUS = 70;

/** Why this machine cannot run the tool at all. */
function unsupported(): string | undefined {
  if (process.platform !== 'linux') return `efs-sync runs on Linux only, and this is ${process.platform}`;
  const major = Number(process.versions.node.split('.')[0]);
  return major < OLDEST_NODE
    ? `efs-sync needs Node.js ${OLDEST_NODE} or newer, and this is ${major}`
    : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const version = args.length === 1 && (args[0] === '--version' || args[0] === '-V');
  if (version) {
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

async function run(): Promise<void> {
  // What would end before there is an answer did not succeed.
  process.exitCode = BUG_STATUS;
  process.exitCode = await main(process.argv.slice(2));
}

void run();
