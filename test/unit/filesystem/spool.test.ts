import { randomBytes } from 'node:crypto';
import { readdirSync, fstatSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FatalError, LocationError } from '../../../src/model/run/errors.ts';
import { createSpool } from '../../../src/filesystem/spool.ts';
import {
  descriptorsBelow,
  makeScratch,
  run,
  type OpenDescriptor,
  type Scratch,
} from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

/** The one file in the directory. */
function spoolFile(): OpenDescriptor {
  const [file, ...others] = descriptorsBelow(scratch.directory);
  if (file === undefined || others.length > 0) throw new Error('there must be one');
  return file;
}

function bytesOnDisk(): number {
  return fstatSync(spoolFile().fd).size;
}

describe('createSpool', () => {
  it('gives a private file that has no name', async () => {
    const spool = await createSpool(scratch.directory);
    expect(readdirSync(scratch.directory)).toEqual([]);
    const { fd, path } = spoolFile();
    expect(path).toContain('(deleted)');
    expect(fstatSync(fd).mode & 0o777).toBe(0o600);
    await spool.close();
    expect(descriptorsBelow(scratch.directory)).toEqual([]);
  });

  it('names the directory it cannot use', async () => {
    await expect(createSpool(scratch.path('none'))).rejects.toThrow(
      `cannot create a temporary file in ${scratch.path('none')}: No such file or directory`,
    );
    await expect(createSpool(scratch.path('none'))).rejects.toBeInstanceOf(LocationError);
  });
});

describe('Spool', () => {
  it('gives back what was appended, small and large, in any order', async () => {
    const spool = await createSpool(scratch.directory);
    const sizes = [0, 1, 100_000, 200_000, 300_000, 7, 262_144, 262_145, 3];
    const records = sizes.map((size) => randomBytes(size));
    const offsets = records.map((record) => spool.append(record));
    expect(spool.lengthBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    for (let i = records.length - 1; i >= 0; i--) {
      expect(spool.read(offsets[i] as number, sizes[i] as number).equals(records[i] as Buffer)).toBe(true);
    }
    expect(() => spool.read(spool.lengthBytes - 1, 2)).toThrow(/cannot read .* it ends at byte/);
    expect(bytesOnDisk()).toBe(spool.lengthBytes);
    await spool.close();
  });

  it('keeps what is appended after it has written', async () => {
    const spool = await createSpool(scratch.directory);
    spool.append(Buffer.from('one'));
    expect(() => spool.read(0, 4)).toThrow(FatalError);
    expect(bytesOnDisk()).toBe(3);
    const offset = spool.append(Buffer.from('two'));
    expect(offset).toBe(3);
    expect(spool.read(0, 6).toString()).toBe('onetwo');
    await spool.close();
  });

  it('writes nothing while all fits in its buffer, though it is read', async () => {
    const spool = await createSpool(scratch.directory);
    const record = randomBytes(64 * 1024);
    for (let count = 0; count < 4; count++) spool.append(record);
    expect(spool.read(record.length, record.length).equals(record)).toBe(true);
    expect(bytesOnDisk()).toBe(0);
    spool.append(Buffer.of(1));
    expect(bytesOnDisk()).toBe(256 * 1024);
    expect([...spool.read(256 * 1024 - 1, 2)]).toEqual([record.at(-1), 1]);
    await spool.close();
  });
});

describeWith(['tmpfs mount'], 'Spool on a full disk', () => {
  beforeEach(() => run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', scratch.directory));
  afterEach(() => run('umount', scratch.directory));

  it('throws FatalError', async () => {
    const full = expect.objectContaining({ name: 'FatalError', code: 'ENOSPC' });
    const spool = await createSpool(scratch.directory);
    expect(() => spool.append(Buffer.alloc(1_000_000))).toThrow(full);
    await spool.close();
    const buffering = await createSpool(scratch.directory);
    for (let count = 0; count < 4; count++) buffering.append(Buffer.alloc(64 * 1024));
    expect(() => buffering.append(Buffer.of(1))).toThrow(full);
    await buffering.close();
  });
});
