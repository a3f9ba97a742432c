/** Looks for proof that a mount's traffic is encrypted in transit. */
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { displayName } from '../../model/display-name.ts';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Mount } from '../../model/run/location.ts';

export interface TlsEvidence {
  readonly encrypted: 'yes' | 'no' | 'unknown';
  /** The evidence, for people to read. */
  readonly evidence: string;
}

/** efs-utils keeps a file here for each of its mounts. */
const EFS_STATE_DIRECTORY = '/var/run/efs';
const NFS_PORT = '2049';

export async function findTlsEvidence(
  mount: Mount | undefined,
  stateDirectory: string = EFS_STATE_DIRECTORY,
): Promise<TlsEvidence> {
  if (mount === undefined) return { encrypted: 'unknown', evidence: 'its mount is unknown' };
  const options = [...mount.options, ...mount.superOptions];
  const xprtsec = options.find((option) => option === 'xprtsec=tls' || option === 'xprtsec=mtls');
  if (xprtsec !== undefined) return { encrypted: 'yes', evidence: `mount option ${xprtsec}` };
  if (!fileSystemOf(mount).isNfs) {
    return { encrypted: 'unknown', evidence: `${mount.fileSystemType} does not show it` };
  }
  if (!isThroughLocalProxy(mount)) {
    return { encrypted: 'no', evidence: `mounted from ${displayName(mount.source)} without xprtsec=tls` };
  }
  return proxyEvidence(mount, optionValue(options, 'port'), stateDirectory);
}

function isThroughLocalProxy(mount: Mount): boolean {
  const server = optionValue(mount.superOptions, 'addr') ?? mount.source.split(':')[0];
  return server === '127.0.0.1' || server === 'localhost' || server === '::1';
}

function optionValue(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** efs-utils 2.0 uses its proxy with and without TLS: only the proxy's command line shows which. */
async function proxyEvidence(
  mount: Mount,
  port: string | undefined,
  stateDirectory: string,
): Promise<TlsEvidence> {
  const dotted = mount.mountPoint.replaceAll('/', '.').replace(/^\.+/, '');
  try {
    const names = await fs.readdir(stateDirectory, { encoding: 'latin1' });
    const name = names.find((file) => file.endsWith(`.${dotted}.${port ?? NFS_PORT}`));
    if (name === undefined) {
      return { encrypted: 'unknown', evidence: `no state file for its mount point in ${stateDirectory}` };
    }
    const state = await fs.readFile(Buffer.from(`${stateDirectory}/${name}`, 'latin1'), 'utf8');
    return judgeCommand(commandIn(state), `${stateDirectory}/${name}`);
  } catch (error) {
    return { encrypted: 'unknown', evidence: `cannot read ${stateDirectory}: ${(error as Error).message}` };
  }
}

function commandIn(state: string): readonly string[] {
  const { cmd } = (JSON.parse(state) ?? {}) as { cmd?: unknown };
  return Array.isArray(cmd) ? cmd.map(String) : [];
}

function judgeCommand(command: readonly string[], stateFile: string): TlsEvidence {
  const program = basename(command[0] ?? '');
  const evidence = `${displayName(stateFile)} runs ${command.join(' ') || 'nothing'}`;
  if (program === 'efs-proxy') return { encrypted: command.includes('--tls') ? 'yes' : 'no', evidence };
  return { encrypted: program.startsWith('stunnel') ? 'yes' : 'unknown', evidence };
}
