/** Calls through io_uring against what Node and the shell see of the same files. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AT_FDCWD, O_CREAT, O_RDONLY, O_WRONLY } from '../../../src/linux/constants.ts';
import { linuxCallsThrough } from '../../../src/linux/linux.ts';
import { openRing, type Ring } from '../../../src/linux/ring.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';

let scratch: Scratch;
let ring: Ring;

beforeEach(() => {
  scratch = makeScratch();
  ring = openRing() as Ring;
});
afterEach(async () => {
  await ring.close();
  scratch.remove();
});

describeWith(['io_uring'], 'calls through a ring', () => {
  it('write and read from the middle of a buffer and far into a file', async () => {
    const linux = linuxCallsThrough(ring);
    const path = scratch.path('file');
    const bytes = Buffer.from('.....content.....');
    const fd = await linux.openat(AT_FDCWD, path, O_WRONLY | O_CREAT, 0o640);
    const farBytes = 5 * 2 ** 32 + 3;
    expect(await linux.pwrite(fd, bytes.subarray(5, 12), 7, 0)).toBe(7);
    expect(await linux.pwrite(fd, bytes.subarray(5, 12), 7, farBytes)).toBe(7);
    expect(await linux.fsync(fd)).toBe(0);
    expect(await linux.close(fd)).toBe(0);
    expect(statSync(path)).toMatchObject({ size: farBytes + 7, mode: 0o100640 });
    expect(execFileSync('tail', ['-c', '7', path], { encoding: 'latin1' })).toBe('content');
    const read = Buffer.alloc(9, '-');
    const readFd = await linux.openat(AT_FDCWD, path, O_RDONLY, 0);
    expect(await linux.pread(readFd, read.subarray(1), 7, farBytes)).toBe(7);
    expect(read.toString()).toBe('-content-');
    await linux.close(readFd);
  });

  it('accept two names of the maximum length and of any bytes', async () => {
    const linux = linuxCallsThrough(ring);
    const directoryFd = openSync(scratch.directory, 'r');
    const [from, to] = ['a'.repeat(255), `${'\xff'.repeat(254)}b`];
    writeFileSync(scratch.path(from), 'x');
    expect(await linux.linkat(directoryFd, from, directoryFd, 'linked', 0)).toBe(0);
    expect(await linux.renameat(directoryFd, from, directoryFd, to)).toBe(0);
    const names = execFileSync('ls', ['-1', scratch.directory], { encoding: 'latin1' }).trim().split('\n');
    expect(names.toSorted()).toEqual(['linked', to]);
    expect(await linux.unlinkat(directoryFd, to, 0)).toBe(0);
    expect(await linux.unlinkat(directoryFd, 'linked', 0)).toBe(0);
    await linux.close(directoryFd);
  });

  it('do not wait for one that hangs, and run all at once', async () => {
    const linux = linuxCallsThrough(ring);
    execFileSync('mkfifo', [scratch.path('fifo')]);
    const hanging = linux.openat(AT_FDCWD, scratch.path('fifo'), O_RDONLY, 0);
    const make = async (name: string): Promise<void> => {
      const fd = await linux.openat(AT_FDCWD, scratch.path(name), O_WRONLY | O_CREAT, 0o600);
      await linux.pwrite(fd, Buffer.from(name), name.length, 0);
      await linux.close(fd);
    };
    const names = Array.from({ length: 500 }, (_, index) => `f${index}`);
    await Promise.all(names.map(make));
    expect(names.map((name) => readFileSync(scratch.path(name), 'latin1'))).toEqual(names);
    await once(spawn('sh', ['-c', ': >"$1"', 'sh', scratch.path('fifo')]), 'close');
    await linux.close(await hanging);
  });
});

describeWith(['io_uring'], 'a ring that is closed', () => {
  it('lets current calls end, and refuses new ones', async () => {
    const linux = linuxCallsThrough(ring);
    execFileSync('mkfifo', [scratch.path('fifo')]);
    const events: string[] = [];
    const hanging = Promise.resolve(linux.openat(AT_FDCWD, scratch.path('fifo'), O_RDONLY, 0)).then(
      async (fd) => {
        events.push('ended');
        await linux.openat(AT_FDCWD, scratch.path('late'), O_WRONLY | O_CREAT, 0o600);
        events.push('late');
        return fd;
      },
    );
    const closed = ring.close().then(() => events.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toEqual([]);
    await once(spawn('sh', ['-c', ': >"$1"', 'sh', scratch.path('fifo')]), 'close');
    await closed;
    expect(events).toEqual(['ended', 'closed']);
    expect(existsSync(scratch.path('late'))).toBe(false);
    expect(hanging).toBeInstanceOf(Promise);
    ring = openRing() as Ring;
  });
});
