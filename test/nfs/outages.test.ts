/** Servers disappear midway: hard mounts wait and go on, soft mounts give errors that are retried. */
import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { sync } from '../support/scenario.ts';
import { expectSameOnServers, lab, onceCopying, SLOWLY, test, writeSome } from '../support/nfs-lab.ts';
import type { LabTrees } from '../support/nfs-lab.ts';

/** Blocks this process too, so nothing in it may access a server meanwhile. */
function outage(fault: string, cure: string, seconds: number): () => void {
  return () => {
    lab(fault);
    execFileSync('sleep', [String(seconds)]);
    lab(cure);
  };
}

describeWith(['NFS servers that take faults'], 'hard mounts', () => {
  test.for([
    ['that of the source is stopped', 'server stop nas', 'server start nas', 2],
    ['that of the destination is stopped', 'server stop efs', 'server start efs', 2],
    ['both are stopped', 'server stop all', 'server start all', 2],
    ['both are restarted', 'server stop all', 'server start all', 0],
    ['both are cut off', 'net all down', 'net all up', 2],
  ] as const)('wait for the server and go on: %s', async ([, fault, cure, seconds], { nfs }) => {
    await writeSome(nfs);
    await sync(nfs, SLOWLY, { onStart: onceCopying(nfs, outage(fault, cure, seconds)) });
    await expectSameOnServers(nfs);
  });

  test('whose server does not come back: --timeout ends the run and says what it waited for', async ({
    nfs,
  }) => {
    await writeSome(nfs);
    // A process that writes to a hard mount cannot be killed until the server answers.
    const stopOnceCopying = onceCopying(nfs, () => {
      lab('server stop efs');
    });
    const onStart = (child: ChildProcess) => {
      child.stderr?.once('data', () => {
        lab('server start efs');
      });
      stopOnceCopying(child);
    };
    const { stderr } = await sync(nfs, [...SLOWLY, '--timeout=8'], { status: 30, onStart });
    expect(stderr).toMatch(/no progress for 8 s: waiting for \w+ of ".*" on ".*" \("fs-/);
    await sync(nfs);
    await expectSameOnServers(nfs);
  });
});

/** Calls fail after one or two seconds without an answer. */
const SOFT = 'soft,timeo=5,retrans=1';
const SERVERS = {
  source: { name: 'nas', mount: (path: string) => `mount 3 ${path} ${SOFT} nas:/srv/nas/src` },
  destination: { name: 'efs', mount: (path: string) => `mount 4.1 ${path} ${SOFT} efs:/` },
};
/** Waits until the kernel logs that it gave up a call. */
const UNTIL_GIVEN_UP = `
given_up() { dmesg | grep -c 'not responding, timed out'; }
before=$(given_up)
lab-server stop "$0"
until [ "$(given_up)" -gt "$before" ]; do sleep 0.1; done
lab-server start "$0"`;

async function onSoftMount(
  nfs: LabTrees,
  side: 'source' | 'destination',
  body: (pair: LabTrees) => Promise<void>,
): Promise<void> {
  const mountPoint = mkdtempSync('/mnt/efs-sync-test-');
  const { LAB_SRC_SRV = '', LAB_DST_SRV = '' } = process.env;
  const exported = side === 'source' ? LAB_SRC_SRV : LAB_DST_SRV;
  lab(SERVERS[side].mount(mountPoint));
  try {
    await body({ ...nfs, [side]: nfs.onServers[side].replace(exported, mountPoint) });
  } finally {
    lab(`server start ${SERVERS[side].name}`);
    execFileSync('umount', [mountPoint]);
    rmdirSync(mountPoint);
  }
}

describeWith(['NFS servers that take faults'], 'on soft mounts', () => {
  // The client retries failed readahead by itself.
  test.for([
    ['source', 0],
    ['destination', 1],
  ] as const)('retries survive an outage of the %s', async ([side, leastRetries], { nfs }) => {
    await writeSome(nfs);
    await onSoftMount(nfs, side, async (pair) => {
      const onStart = onceCopying(nfs, () => {
        execFileSync('sh', ['-c', UNTIL_GIVEN_UP, SERVERS[side].name]);
      });
      const { tally } = await syncForReport(pair, SLOWLY, { onStart });
      expect(tally['retries']).toBeGreaterThanOrEqual(leastRetries);
    });
    await expectSameOnServers(nfs);
  });

  test('without retries an outage of the destination is reported', async ({ nfs }) => {
    await writeSome(nfs);
    await onSoftMount(nfs, 'destination', async (pair) => {
      const onStart = onceCopying(nfs, outage('server stop efs', 'server start efs', 5));
      const { output } = await sync(pair, [...SLOWLY, '--retries=0'], { status: 23, onStart });
      expect(output).toMatch(/Input\/output error/);
    });
    await sync(nfs);
    await expectSameOnServers(nfs);
  });
});
