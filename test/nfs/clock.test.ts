/** Servers whose clock is hours away from the client's: no decision compares the two. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, verify } from '../support/scenario.ts';
import { expectSameOnServers, onceCopying, SLOWLY, test, writeSome } from '../support/nfs-lab.ts';
import { file } from '../support/tree.ts';

/**
 * Moves the clock of the client and of its servers together, so that earlier timestamps lie in the past or
 * the future.
 */
function moveClock(hours: number): void {
  execFileSync('date', ['-s', `@${Math.floor(Date.now() / 1000) + hours * 3600}`]);
}

describeWith(['NFS servers that take faults'], 'a clock', () => {
  test.for([5, -5])('that is %d hours off', async (hours, { nfs }) => {
    moveClock(hours);
    await writeSome(nfs);
    moveClock(-hours);
    await sync(nfs);
    await expectSameOnServers(nfs);
    await expectNothingToDo(nfs);
    await writeTree(nfs.onServers.source, { d: file('changed') });
    await sync(nfs, ['--delete']);
    await expectSameOnServers(nfs);
    await verify(nfs);
  });

  test.for([5, -5])('that moves by %d hours in the middle', async (hours, { nfs }) => {
    await writeSome(nfs);
    const onStart = onceCopying(nfs, () => {
      moveClock(hours);
    });
    const report = await syncForReport(nfs, [...SLOWLY, '--timeout=60'], { onStart });
    moveClock(-hours);
    expect((report as unknown as { elapsedMs: number }).elapsedMs).toBeLessThan(60_000);
    await expectSameOnServers(nfs);
    await expectNothingToDo(nfs);
  });
});
