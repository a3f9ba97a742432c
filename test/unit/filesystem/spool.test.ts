import { randomBytes } from 'node:crypto';
import { closeSync, readdirSync, readlinkSync, fstatSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocationError } from '../../../src/errors.ts';
import { createSpool, readSpool, SpoolWriter } from '../../../src/filesystem/spool.ts';
import { makeScratch, run, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

describe('createSpool', () => {
  it('gives a private file that has no name', async () => {
    const fd = await createSpool(scratch.directory);
    expect(readdirSync(scratch.directory)).toEqual([]);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toContain('(deleted)');
    expect(fstatSync(fd).mode & 0o777).toBe(0o600);
    closeSync(fd);
  });

  it('names the directory it cannot use', async () => {
    await expect(createSpool(scratch.path('none'))).rejects.toThrow(
      `cannot create a temporary file in ${scratch.path('none')}: No such file or directory`,
    );
    await expect(createSpool(scratch.path('none'))).rejects.toBeInstanceOf(LocationError);
  });
});

describe('SpoolWriter', () => {
  it('gives back what was appended, small and large, in any order', async () => {
    const fd = await createSpool(scratch.directory);
    const writer = new SpoolWriter(fd);
    const sizes = [0, 1, 100_000, 200_000, 300_000, 7, 262_144, 262_145, 3];
    const records = sizes.map((size) => randomBytes(size));
    const offsets = records.map((record) => writer.append(record));
    writer.flush();
    expect(writer.lengthBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(fstatSync(fd).size).toBe(writer.lengthBytes);
    for (let i = records.length - 1; i >= 0; i--) {
      expect(readSpool(fd, offsets[i] as number, sizes[i] as number).equals(records[i] as Buffer)).toBe(true);
    }
    expect(() => readSpool(fd, writer.lengthBytes - 1, 2)).toThrow(/cannot read .* it ends at byte/);
    closeSync(fd);
  });

  it('keeps what is appended after a flush', async () => {
    const fd = await createSpool(scratch.directory);
    const writer = new SpoolWriter(fd);
    writer.append(Buffer.from('one'));
    writer.flush();
    const offset = writer.append(Buffer.from('two'));
    writer.flush();
    expect(offset).toBe(3);
    expect(readSpool(fd, 0, 6).toString()).toBe('onetwo');
    closeSync(fd);
  });
});

describeWith(['tmpfs mount'], 'SpoolWriter on a full disk', () => {
  beforeEach(() => run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', scratch.directory));
  afterEach(() => run('umount', scratch.directory));

  it('throws FatalError', async () => {
    const fd = await createSpool(scratch.directory);
    const writer = new SpoolWriter(fd);
    expect(() => writer.append(Buffer.alloc(1_000_000))).toThrow(
      expect.objectContaining({ name: 'FatalError', code: 'ENOSPC' }),
    );
    closeSync(fd);
  });
});
