import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findMissingMount } from '../../../../src/filesystem/mounts/missing-mounts.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

/** As a path is found that lies on `/mnt`. */
function find(realPath: string, { fstab = '', units = {}, absolutePath = realPath, mountPoint = '/mnt' }) {
  const file = scratch.path('fstab');
  writeFileSync(file, fstab);
  for (const [unit, content] of Object.entries<string>(units)) {
    const at = scratch.path(unit);
    mkdirSync(dirname(at), { recursive: true });
    if (content.startsWith('/')) symlinkSync(content, at);
    else writeFileSync(at, content);
  }
  const directories = [scratch.path('etc'), scratch.path('run')];
  return findMissingMount({ absolutePath, realPath, mountPoint }, file, directories);
}

describe('fstab has a mount', () => {
  test.each([
    ['for the path', '/mnt/efs'],
    ['above it', '/mnt'],
    ['of a name with a blank', '/mnt/a\\040b', '/mnt/a b/new'],
    ['far above it', '/mnt/efs', '/mnt/efs/a/b/new', '/'],
  ])('%s', (_, entry, realPath = `${entry}/new`, mountPoint = '/') => {
    const fstab = `# /mnt\nnas:/e ${entry} nfs noauto 0 0\n`;
    const place = entry.replace('\\040', ' ');
    expect(find(realPath, { fstab, mountPoint })).toEqual({
      mountPoint: place,
      origin: { fstabSource: 'nas:/e' },
    });
    expect(find(place, { fstab, mountPoint })?.mountPoint).toBe(place);
  });

  test.each([
    ['beside it', 'nas:/e /mnt/other nfs'],
    ['below it', 'nas:/e /mnt/new/sub nfs'],
    ['of a longer name', 'nas:/e /mnt/ne nfs'],
    ['that holds it', 'nas:/e /mnt nfs'],
    ['below another one', '/dev/sda1 / ext4'],
    ['of no place', 'swap none swap\n\nx\n#nas:/e /mnt/new nfs'],
  ])('%s: nothing is missing', (_, fstab) => {
    expect(find('/mnt/new', { fstab })).toBeUndefined();
  });

  test('named through a symbolic link', () => {
    const [real, link] = [scratch.path('real'), scratch.path('link')];
    mkdirSync(real);
    symlinkSync(real, link);
    const fstab = `nas:/e ${link} nfs`;
    const missing = { mountPoint: real, origin: { fstabSource: 'nas:/e' } };
    expect(find(join(real, 'new'), { fstab, absolutePath: join(link, 'new'), mountPoint: '/' })).toEqual(
      missing,
    );
    expect(
      find(join(real, 'new'), { fstab, absolutePath: join(link, 'new'), mountPoint: real }),
    ).toBeUndefined();
  });
});

describe('systemd has a mount', () => {
  test.each([
    ['/mnt/efs', 'mnt-efs.mount'],
    ['/mnt/a-b', 'mnt-a\\x2db.mount'],
    ['/mnt/\xc3\xa4 .x', 'mnt-\\xc3\\xa4\\x20.x.mount'],
  ])('%s: %s', (place, unit) => {
    const units = { [`run/${unit}`]: '[Mount]\n' };
    const missing = { mountPoint: place, origin: { unit } };
    expect(find(place, { units })).toEqual(missing);
    expect(find(`${place}/a/new`, {})).toEqual(missing);
    expect(find(place, { mountPoint: place })).toBeUndefined();
  });

  test('a masked one counts for nothing, and a linked one like any other', () => {
    const units = {
      'etc/mnt-masked.mount': '/dev/null',
      'run/mnt-masked.mount': '[Mount]\n',
      'etc/mnt-empty.mount': '',
      'etc/mnt-linked.mount': scratch.path('run/mnt-masked.mount'),
    };
    expect(find('/mnt/masked', { units })).toBeUndefined();
    expect(find('/mnt/empty', {})).toBeUndefined();
    expect(find('/mnt/linked', {})).toBeDefined();
  });
});
