import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyContent } from '../../../src/filesystem/copy/copy-content.ts';
import { createSpool, type Spool } from '../../../src/filesystem/spool.ts';
import { withFault } from '../../support/inject.ts';
import { descriptorsBelow, IN_MEMORY, makeScratch, run, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';

const MIB = 1024 * 1024;

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

/** Copies `a` to `b` while calls on either fail. */
async function copyWith(fault: string, inPlace = false): Promise<number> {
  const { size: sizeBytes, blocks } = statSync(scratch.path('a'));
  const [source, destination] = [scratch.open('a'), scratch.open('b')];
  const request = { sizeBytes, blocks, inPlace, onBytes: () => undefined };
  const copied = await withFault(fault, [scratch.path('a'), scratch.path('b')], () =>
    copyContent(source, destination, request),
  );
  return copied.writtenBytes;
}

describeWith(['strace'], 'when calls fail', () => {
  it.each([
    'copy_file_range:error=EXDEV',
    'copy_file_range:error=EINVAL',
    'copy_file_range:retval=0',
    'copy_file_range:retval=0:when=2',
    'copy_file_range:error=EIO:when=2',
  ])('copyContent reads and writes on %s', async (fault) => {
    writeFileSync(scratch.path('a'), randomBytes(20 * MIB));
    expect(await copyWith(fault)).toBe(20 * MIB);
    run('cmp', scratch.path('a'), scratch.path('b'));
  });

  it.each([
    'pread64:error=EINTR:when=1..3',
    'pread64:error=EAGAIN:when=1..3',
    'pwrite64:error=EINTR:when=1..3',
    'pwrite64:error=EAGAIN:when=1..3',
  ])('copyContent repeats the call on %s', async (fault) => {
    writeFileSync(scratch.path('a'), randomBytes(5000));
    expect(await copyWith(fault)).toBe(5000);
    run('cmp', scratch.path('a'), scratch.path('b'));
  });

  it.each([
    ['pread64:error=EIO', { code: 'EIO', syscall: 'pread', path: 'a' }],
    ['pwrite64:error=ENOSPC', { code: 'ENOSPC', syscall: 'pwrite', path: 'b' }],
    ['pwrite64:error=EAGAIN', { errno: -11, syscall: 'pwrite', path: 'b' }],
    ['pwrite64:retval=0', { code: 'EIO', syscall: 'pwrite', path: 'b' }],
  ] as const)('copyContent names the failing side on %s', async (fault, failure) => {
    writeFileSync(scratch.path('a'), randomBytes(5000));
    await expect(copyWith(fault)).rejects.toMatchObject(failure);
  });

  it.each(['fallocate:error=EOPNOTSUPP', 'lseek:error=EINVAL:when=1'])(
    'copyContent keeps holes in place on %s',
    async (fault) => {
      // File systems on disks count blocks of their own among those of a file.
      scratch.remove();
      scratch = makeScratch(IN_MEMORY);
      writeFileSync(scratch.path('a'), '');
      truncateSync(scratch.path('a'), 8 * MIB);
      const { fd } = scratch.open('a');
      writeSync(fd, randomBytes(9000), 0, 9000, MIB);
      writeSync(fd, randomBytes(300_000), 0, 300_000, 5 * MIB);
      writeFileSync(scratch.path('b'), randomBytes(9 * MIB));
      await copyWith(fault, true);
      run('cmp', scratch.path('a'), scratch.path('b'));
      expect(statSync(scratch.path('b')).blocks).toBe(statSync(scratch.path('a')).blocks);
    },
  );

  it.each(['EOPNOTSUPP', 'EISDIR', 'EINVAL'])('createSpool does without O_TMPFILE on %s', async (code) => {
    const create = (): Promise<Spool> => createSpool(scratch.directory);
    const spool = await withFault(`openat:error=${code}:when=1`, [scratch.directory], create);
    expect(descriptorsBelow(scratch.directory)).toEqual([
      expect.objectContaining({ path: expect.stringMatching(/\.efs-sync-[0-9a-f-]{36} \(deleted\)$/) }),
    ]);
    expect(readdirSync(scratch.directory)).toEqual([]);
    await spool.close();
  });
});
