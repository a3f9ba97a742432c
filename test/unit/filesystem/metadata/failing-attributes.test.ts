/** An entry whose attributes cannot be read is not taken for one without attributes. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  readExtendedAttributes,
  writeExtendedAttributes,
} from '../../../../src/filesystem/metadata/extended-attributes.ts';
import { withFault } from '../../../support/inject.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

const BOTH = { xattr: true, acl: true, mayGrant: true };

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
  writeFileSync(scratch.path('file'), '');
  run('setfattr', '-n', 'user.a', '-v', '1', scratch.path('file'));
});
afterEach(() => scratch.remove());

async function read(): Promise<string[]> {
  return [...(await readExtendedAttributes(scratch.open('file'), BOTH)).keys()];
}

async function write(): Promise<unknown> {
  return writeExtendedAttributes(scratch.open('file'), new Map([['user.b', Buffer.from('2')]]), BOTH);
}

describeWith(['strace', 'user xattrs'], 'attributes that cannot be read', () => {
  it.each(
    ['EIO', 'EACCES', 'E2BIG', 'ERANGE', 'ENOMEM'].flatMap((code) => [
      ['listxattr', 'listxattr', code],
      ['getxattr', 'getxattr user.a', code],
    ]),
  )('%s: the error of %s is thrown, %s', async (call, syscall, code) => {
    expect(await read()).toEqual(['user.a']);
    await expect(withFault(`${call}:error=${code}`, [], read)).rejects.toMatchObject({
      code,
      syscall,
      path: 'file',
    });
  });

  it.each([
    ['listxattr', 'EOPNOTSUPP'],
    ['getxattr', 'EOPNOTSUPP'],
    ['getxattr', 'ENODATA'],
  ])('%s: %s means that there are none', async (call, code) => {
    expect(await withFault(`${call}:error=${code}`, [], read)).toEqual([]);
  });

  it.each(['listxattr', 'getxattr'])('%s at the destination: nothing is set or removed', async (call) => {
    await expect(withFault(`${call}:error=EIO`, [], write)).rejects.toMatchObject({ code: 'EIO' });
    expect(await read()).toEqual(['user.a']);
  });
});
