import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMounts } from '../../../../src/filesystem/mounts/mounts.ts';
import { findTlsEvidence, type TlsEvidence } from '../../../../src/filesystem/mounts/tls-evidence.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

const PROXIED = 'nfs4 127.0.0.1:/ rw,vers=4.1,port=20345,addr=127.0.0.1';

function evidenceFor(fileSystem: string): Promise<TlsEvidence> {
  const [mount] = parseMounts(`30 22 0:40 / /mnt/my-efs rw,noatime - ${fileSystem}\n`);
  return findTlsEvidence(mount, scratch.directory);
}

function writeState(name: string, state: unknown): void {
  writeFileSync(scratch.path(name), JSON.stringify(state));
}

describe('findTlsEvidence', () => {
  it.each([
    ['nfs4 10.0.0.5:/ rw,vers=4.1,xprtsec=tls,addr=10.0.0.5', 'yes', 'mount option xprtsec=tls'],
    ['nfs4 10.0.0.5:/ rw,xprtsec=mtls', 'yes', 'mount option xprtsec=mtls'],
    ['nfs4 10.0.0.5:/ rw,xprtsec=none', 'no', 'mounted from 10.0.0.5:/ without xprtsec=tls'],
    ['nfs server:/export rw,addr=10.0.0.5', 'no', 'mounted from server:/export without xprtsec=tls'],
    ['ext4 /dev/vda rw', 'unknown', 'ext4 does not show it'],
  ] as const)('%s: %s', async (fileSystem, encrypted, evidence) => {
    expect(await evidenceFor(fileSystem)).toEqual({ encrypted, evidence });
  });

  it.each([
    [['/usr/bin/efs-proxy', '/var/run/efs/stunnel-config.fs-1', '--tls'], 'yes'],
    [['/usr/bin/efs-proxy', '/var/run/efs/stunnel-config.fs-1'], 'no'],
    [['/usr/bin/stunnel5', '/var/run/efs/stunnel-config.fs-1'], 'yes'],
    [['/usr/bin/socat', '--tls'], 'unknown'],
  ] as const)('through a local proxy run as %j: %s', async (cmd, encrypted) => {
    writeState('fs-1.mnt.my-efs.20345', { pid: 1, cmd });
    writeState('fs-2.mnt.my-efs.20346', { cmd: ['efs-proxy', 'x'] });
    writeState('fs-3.mnt.other.20345', { cmd: ['efs-proxy', 'x'] });
    const found = await evidenceFor(PROXIED);
    expect(found.encrypted).toBe(encrypted);
    expect(found.evidence).toContain(`fs-1.mnt.my-efs.20345 runs ${cmd.join(' ')}`);
  });

  it('a local address alone is no proof', async () => {
    expect(await evidenceFor(PROXIED)).toMatchObject({ encrypted: 'unknown' });
  });

  it.each([null, [], { cmd: 'efs-proxy --tls' }, { cmd: null }])(
    'a state file of %j is no proof',
    async (state) => {
      writeState('fs-1.mnt.my-efs.20345', state);
      expect(await evidenceFor(PROXIED)).toMatchObject({ encrypted: 'unknown' });
    },
  );

  it('a state file cut short is no proof', async () => {
    writeFileSync(scratch.path('fs-1.mnt.my-efs.20345'), '{"cmd": ["efs-proxy", "--tls"');
    expect(await evidenceFor(PROXIED)).toMatchObject({ encrypted: 'unknown' });
  });

  it('an unknown mount proves nothing', async () => {
    expect(await findTlsEvidence(undefined)).toMatchObject({ encrypted: 'unknown' });
  });
});
