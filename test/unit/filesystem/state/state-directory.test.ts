/** The state directory belongs to one user, and is refused if others could change locks or history in it. */
import { chmodSync, chownSync, closeSync, mkdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findStateDirectory,
  HISTORY,
  LOCKS,
  makeStateDirectory,
} from '../../../../src/filesystem/state/state-directory.ts';
import { LocationError } from '../../../../src/model/run/errors.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';
import { NOBODY } from '../../../support/run-cli.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

async function pathOfMade(part: typeof LOCKS | typeof HISTORY): Promise<string> {
  const fd = await makeStateDirectory(scratch.path('state'), part);
  const path = readlinkSync(`/proc/self/fd/${fd}`);
  closeSync(fd);
  return path;
}

async function refusal(path = scratch.path('state')): Promise<string> {
  const errors = await Promise.all(
    [makeStateDirectory(path, LOCKS), findStateDirectory(path, LOCKS)].map((opening) =>
      opening.then(() => expect.fail('it was opened')).catch((error: unknown) => error),
    ),
  );
  for (const error of errors) expect(error).toBeInstanceOf(LocationError);
  const [made, found] = errors as [LocationError, LocationError];
  expect(found.message).toBe(made.message);
  return made.message;
}

describe('a missing directory', () => {
  it('is created for its user alone, with a directory for each part', async () => {
    const umask = process.umask(0);
    try {
      expect(await pathOfMade(LOCKS)).toBe(scratch.path('state/locks'));
    } finally {
      process.umask(umask);
    }
    expect(await pathOfMade(HISTORY)).toBe(scratch.path('state/history'));
    for (const name of ['state', 'state/locks', 'state/history'])
      expect(statSync(scratch.path(name)).mode & 0o777).toBe(0o700);
  });

  it('is not found, nor is a missing part, and neither is created', async () => {
    expect(await findStateDirectory(scratch.path('state'), HISTORY)).toBeUndefined();
    await pathOfMade(LOCKS);
    expect(await findStateDirectory(scratch.path('state'), HISTORY)).toBeUndefined();
    expect(() => statSync(scratch.path('state/history'))).toThrow('ENOENT');
  });
});

describe('an existing directory', () => {
  it('is found again, with the same part', async () => {
    await pathOfMade(LOCKS);
    expect(await pathOfMade(LOCKS)).toBe(scratch.path('state/locks'));
    const fd = await findStateDirectory(scratch.path('state'), LOCKS);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(scratch.path('state/locks'));
    closeSync(fd as number);
  });

  it.each([0o750, 0o705, 0o701, 0o720])('with mode %o is refused', async (mode) => {
    mkdirSync(scratch.path('state'));
    chmodSync(scratch.path('state'), mode);
    expect(await refusal()).toBe(
      `cannot use state directory ${scratch.path('state')}: other users can access it (mode ${mode.toString(8)}); run chmod 700 on it; --state-dir selects another`,
    );
  });
});

describe('refused, too', () => {
  it('a symbolic link, even to a good directory', async () => {
    mkdirSync(scratch.path('good'), { mode: 0o700 });
    symlinkSync('good', scratch.path('state'));
    expect(await refusal()).toContain('it is a symbolic link or not a directory');
  });

  it('a file', async () => {
    writeFileSync(scratch.path('state'), '');
    expect(await refusal()).toContain('it is a symbolic link or not a directory');
  });

  it('no directory at all, for a user without a home', async () => {
    expect(await refusal('')).toMatch(/^cannot tell where to keep .*; choose a directory with --state-dir$/);
  });
});

describeWith(['root'], 'a directory of another user', () => {
  it('is refused, with both users', async () => {
    mkdirSync(scratch.path('state'), { mode: 0o700 });
    chownSync(scratch.path('state'), NOBODY, NOBODY);
    expect(await refusal()).toContain(`it belongs to user ${NOBODY}, but this process runs as user 0`);
  });
});
