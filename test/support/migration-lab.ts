/**
 * The machines of the migration guide, played by the lab: a file server, the machine that syncs, and a client
 * of both.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, cleanEnvironment } from './run-cli.ts';
import type { Step } from './guide.ts';

/** The guide uses a whole EFS; the lab's servers hold other trees besides. */
const SHARE = 'migration';
const USER = 1001;

/** On the file server: the guide's export, which squashes root as exports usually do. */
const SERVE = `
mkdir -p /export && mount --bind /srv/nas/${SHARE} /export
echo '/export *(rw,sync,no_subtree_check,root_squash,insecure)' >> /etc/exports
exportfs -ra`;

const STOP_SERVING = `
others=$(grep -v '^/export ' /etc/exports) && echo "$others" > /etc/exports
exportfs -ra && umount /export && rmdir /export`;

/** A user's programs: they append, replace, make, rename and delete files. */
const WORK = `
for ((i = 1; ; i++)); do
  home=/data/home/u$((i % 30))
  date >> /data/log/current.log
  echo "version $i" > $home/f$((i % 100))
  echo "draft $i" > $home/draft$i
  ((i % 3)) || mv $home/draft$i $home/text$i
  ((i % 7)) || rm -f $home/draft*
  sleep 0.5
done`;

export interface MigrationLab {
  /** Paths on the servers. */
  readonly source: string;
  readonly destination: string;
  /** The working directory of the mover's commands. */
  readonly directory: string;
  readonly hosts: string;
}

export function startMigrationLab(): MigrationLab {
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-mover-'));
  const hosts = readFileSync('/etc/hosts', 'utf8');
  const { LAB_NAS_SRV = '', LAB_DST_SRV = '' } = process.env;
  const lab = { source: join(LAB_NAS_SRV, SHARE), destination: join(LAB_DST_SRV, SHARE), directory, hosts };
  for (const made of [lab.source, lab.destination, '/data', join(directory, 'bin')]) mkdirSync(made);
  symlinkSync(CLI, join(directory, 'bin', 'efs-sync'));
  appendFileSync('/etc/hosts', '10.99.1.1 mover\n');
  execFileSync('lab-exec', ['nas', 'bash', '-ec', SERVE]);
  execFileSync('lab-latency', ['1']);
  return lab;
}

/** Through a mount of its own, so that client and mover cache files separately, as on two machines. */
export function mountAsClient(): void {
  execFileSync('mount', ['-t', 'nfs', '-o', 'vers=3,hard,nosharecache', 'nas:/export', '/data']);
}

export function stopMigrationLab(lab: MigrationLab): void {
  for (const mount of ['/data', '/mnt/nas', '/mnt/efs']) spawnSync('umount', ['-l', mount]);
  execFileSync('lab-latency', ['0']);
  execFileSync('lab-exec', ['nas', 'bash', '-ec', STOP_SERVING]);
  writeFileSync('/etc/hosts', lab.hosts);
  for (const made of [lab.source, lab.destination, lab.directory, '/data']) rmSync(made, { recursive: true });
}

/** Ends when `signal` is aborted. */
export function startWorking(signal: AbortSignal): Promise<void> {
  const child = spawn('setpriv', [...asUser(), 'bash', '-c', WORK], { cwd: '/', stdio: 'ignore', signal });
  return new Promise((resolve) => {
    child.on('error', () => {});
    child.on('close', () => {
      resolve();
    });
  });
}

function asUser(): string[] {
  return [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];
}

const MACHINES: Readonly<Record<string, readonly string[]>> = {
  'nas#': ['lab-exec', 'nas'],
  'mover#': ['env'],
  'client#': ['env'],
  client$: ['setpriv', ...asUser()],
};

/** The output of the typed command, errors included. */
export function typeIn({ directory }: MigrationLab, { prompt, command }: Step): string {
  const [program = '', ...args] = MACHINES[prompt] ?? [];
  const inLab = command.replaceAll('.amazonaws.com:/ ', `.amazonaws.com:/${SHARE} `);
  const { PATH = '', ...environment } = cleanEnvironment();
  const { stdout, error } = spawnSync(program, [...args, 'bash', '-c', `exec 2>&1; ${inLab}`], {
    cwd: prompt === 'mover#' ? directory : '/',
    env: { ...environment, PATH: `${join(directory, 'bin')}:${PATH}` },
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return stdout.replaceAll(`.amazonaws.com:/${SHARE}`, '.amazonaws.com:/');
}
