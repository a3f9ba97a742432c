/** A replaced file gets its name only once it is complete; until then the earlier file stays. */
import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  replaceFile,
  tryToReplace,
  WholeFile,
} from '../../../../src/filesystem/operator-files/whole-file.ts';
import { IN_MEMORY, makeScratch, descriptorsBelow, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
  writeFileSync(scratch.path('file'), 'before');
});
afterEach(() => scratch.remove());

function textOf(name: string): string {
  return readFileSync(scratch.path(name), 'utf8');
}

function modeOf(name: string): number {
  return statSync(scratch.path(name)).mode & 0o7777;
}

describe('a file that is written', () => {
  it('keeps its earlier content until it is published', async () => {
    const whole = await WholeFile.create(scratch.path('file'), 'utf8');
    whole.add('after');
    await whole.complete();
    expect(textOf('file')).toBe('before');
    await whole.publish();
    expect(textOf('file')).toBe('after');
    expect(readdirSync(scratch.directory)).toEqual(['file']);
  });

  it('has a temporary name beside it that no pattern of its ending matches', async () => {
    const whole = await WholeFile.create(scratch.path('m.prom'), 'utf8');
    const temporary = readdirSync(scratch.directory).find((name) => name !== 'file');
    expect(temporary).toMatch(/^\.[-\da-f]{36}\.efs-sync$/);
    await whole.discard();
  });

  it('leaves the earlier file and no other if it is discarded', async () => {
    const whole = await WholeFile.create(scratch.path('file'), 'utf8');
    whole.add('after');
    await whole.flush();
    await whole.discard();
    expect(textOf('file')).toBe('before');
    expect(readdirSync(scratch.directory)).toEqual(['file']);
    expect(descriptorsBelow(scratch.directory)).toEqual([]);
  });

  it('asks for a flush once enough text is pending', async () => {
    const whole = await WholeFile.create(scratch.path('file'), 'utf8');
    whole.add('x'.repeat(1000));
    expect(whole.isDue).toBe(false);
    whole.add('x'.repeat(300_000));
    expect(whole.isDue).toBe(true);
    await whole.flush();
    expect(whole.isDue).toBe(false);
    await whole.complete();
    await whole.publish();
    expect(statSync(scratch.path('file')).size).toBe(301_000);
  });

  it('is published in its directory, even if that was renamed meanwhile', async () => {
    mkdirSync(scratch.path('d'));
    const whole = await WholeFile.create(scratch.path('d/file'), 'utf8');
    renameSync(scratch.path('d'), scratch.path('moved'));
    whole.add('after');
    await whole.complete();
    await whole.publish();
    expect(textOf('moved/file')).toBe('after');
  });
});

describe('replaceFile', () => {
  it('writes text as UTF-8, and WholeFile as latin1 if asked', async () => {
    await replaceFile(scratch.path('file'), 'é');
    expect(readFileSync(scratch.path('file'))).toEqual(Buffer.from([0xc3, 0xa9]));
    const whole = await WholeFile.create(scratch.path('file'), 'latin1');
    whole.add('é');
    await whole.complete();
    await whole.publish();
    expect(readFileSync(scratch.path('file'))).toEqual(Buffer.from([0xe9]));
  });

  it.each([
    [0o600, 'everybody', 0o600],
    [0o666, 'everybody', 0o644],
    [0o755, 'everybody', 0o644],
    [0o640, 'by umask', 0o640],
  ] as const)('grants no more than the earlier mode %o, %s: %o', async (before, readers, after) => {
    chmodSync(scratch.path('file'), before);
    await replaceFile(scratch.path('file'), 'after', readers);
    expect(modeOf('file')).toBe(after);
  });

  it('lets everybody read a new file whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      await replaceFile(scratch.path('open'), 'x', 'everybody');
      await replaceFile(scratch.path('closed'), 'x');
    } finally {
      process.umask(umask);
    }
    expect([modeOf('open'), modeOf('closed')]).toEqual([0o644, 0o600]);
  });

  it('fails without a directory, and leaves no descriptor open', async () => {
    await expect(replaceFile(scratch.path('none/file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(replaceFile(scratch.path('file/below'), 'x')).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(descriptorsBelow(scratch.directory)).toEqual([]);
  });
});

describe('tryToReplace', () => {
  it('changes nothing', async () => {
    const before = statSync(scratch.path('file'));
    await tryToReplace(scratch.path('file'));
    await tryToReplace(scratch.path('new'));
    expect(readdirSync(scratch.directory)).toEqual(['file']);
    expect(statSync(scratch.path('file'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });
});

describeWith(['root', 'tmpfs mount'], 'on a full file system', () => {
  it('the earlier file stays', async () => {
    const full = makeScratch(IN_MEMORY);
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', full.directory);
    try {
      writeFileSync(full.path('file'), 'before');
      await expect(replaceFile(full.path('file'), 'x'.repeat(100_000))).rejects.toMatchObject({
        code: 'ENOSPC',
      });
      expect(readFileSync(full.path('file'), 'utf8')).toBe('before');
      expect(readdirSync(full.directory)).toEqual(['file']);
    } finally {
      run('umount', full.directory);
      full.remove();
    }
  });
});
