/** Errors, compared with Node's own, and with python's names and messages. */
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { linuxCalls } from '../../../src/linux/linux.ts';
import { check, SystemError } from '../../../src/linux/system-error.ts';
import { runPython } from '../../support/open-files.ts';

beforeEach(() => {
  // Loads libc, which provides the texts of errors.
  linuxCalls('blocking');
});

function errorOfNode(path: string): NodeJS.ErrnoException {
  try {
    closeSync(openSync(path, 'r'));
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error(`${path} can be opened`);
}

describe('SystemError', () => {
  it('has the shape of Node’s own', () => {
    const { code, errno, path } = errorOfNode('/nonexistent');
    const error = new SystemError(-2, 'open', '/nonexistent');
    expect(error).toMatchObject({ code, errno, path, syscall: 'open', name: 'SystemError' });
    expect(error.message).toBe("ENOENT: No such file or directory, open '/nonexistent'");
    expect(error).toBeInstanceOf(Error);
  });

  it('names and explains every errno', () => {
    const script = `import errno, json, os
print(json.dumps({number: [name, os.strerror(number)] for number, name in errno.errorcode.items()}))`;
    const known = JSON.parse(runPython(script)) as Record<string, [string, string]>;
    const nodes: Readonly<Record<string, number>> = constants.errno;
    for (const [number, [name, reason]] of Object.entries(known)) {
      const error = new SystemError(-Number(number), 'read', 'x');
      expect(error.reason).toBe(reason);
      // Some numbers have two names, and either is right.
      if (Object.values(nodes).includes(Number(number))) expect(nodes[error.code]).toBe(Number(number));
      else expect(error.code).toBe(`E${number}`);
      if (name === 'EAGAIN') expect(error.code).toBe(name);
    }
    expect(Object.keys(known).length).toBeGreaterThan(100);
  });

  it('results only from a negative number', () => {
    expect(check(0, 'open', 'x')).toBe(0);
    expect(check(7, 'open', 'x')).toBe(7);
    expect(() => check(-13, 'open', 'x')).toThrow(new SystemError(-13, 'open', 'x'));
  });
});
