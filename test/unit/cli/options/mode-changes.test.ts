/** --chmod gives the modes that rsync 3.5 gives; the expected ones are its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveModeChanges } from '../../../../src/cli/options/mode-changes.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { changedMode } from '../../../../src/policy/compare/change-mode.ts';

const MODES = [0o040751, 0o041777, 0o040750, 0o100640, 0o010600, 0o104711, 0o100666];

let umask = 0;
beforeAll(() => {
  umask = process.umask(0o022);
});
afterAll(() => {
  process.umask(umask);
});

function changed(...texts: readonly string[]): string {
  const changes = resolveModeChanges(texts);
  return MODES.map((mode) => (changedMode(mode, changes) & 0o7777).toString(8)).join(' ');
}

describe('what becomes of directories of 751, 1777 and 750, and others of 640, 600, 4711 and 666', () => {
  it.each([
    [['D2755,F644'], '2755 2755 2755 644 644 644 644'],
    [['a+X'], '751 1777 751 640 600 4711 666'],
    [['u=rwX,go=rX'], '755 1755 755 644 644 4755 644'],
    [['Fo=', 'Dg+s'], '2751 3777 2750 640 600 4710 660'],
    [['go-rwx'], '700 1700 700 600 600 4700 600'],
    [['+w'], '751 1777 750 640 600 4711 666'],
    [['4755'], '4755 4755 4755 4755 4755 4755 4755'],
    [['F+s'], '751 1777 750 4640 4600 4711 4666'],
    [['o+s'], '4751 5777 4750 4640 4600 4711 4666'],
    [['u=g'], '551 1777 550 440 0 111 666'],
    [['g=u'], '771 1777 770 660 660 4771 666'],
    [['g=u,o=g'], '777 777 777 666 666 4777 666'],
    [['=u'], '755 755 755 644 644 755 644'],
    [['u-g'], '251 1077 250 240 600 4611 66'],
    [['o-g'], '750 1770 750 640 600 4710 660'],
    [['D='], '0 1000 0 640 600 4711 666'],
    [['='], '0 1000 0 0 0 4000 0'],
    [['F=rw'], '751 1777 750 644 644 4644 644'],
    [['Fu='], '751 1777 750 40 0 4011 66'],
    [['Do=t'], '1750 1770 1750 640 600 4711 666'],
    [['u=s'], '4051 5077 4050 4040 4000 4011 4066'],
    [['a=rX'], '555 1555 555 444 444 4555 444'],
    [['07'], '7 7 7 7 7 7 7'],
    [['g+X,a-x'], '640 1666 640 640 600 4600 666'],
  ])('%j: %s', (texts, modes) => {
    expect(changed(...texts)).toBe(modes);
  });

  it('nothing for symbolic links', () => {
    expect(changedMode(0o120777, resolveModeChanges(['700']))).toBe(0o120777);
  });
});

describe('refused', () => {
  it.each([
    ...[
      '',
      ',',
      'o',
      'D',
      '8',
      '77777',
      'DF755',
      'u+x+r',
      'u=r-w',
      '+7',
      'ug,o+r',
      'u=gr',
      'u=ug',
      'u=tg',
      'a+q',
      'x',
      ' u+r',
    ],
  ])('%j', (text) => {
    expect(() => resolveModeChanges(['u+r', text])).toThrow(UsageError);
    expect(() => resolveModeChanges([text])).toThrow(/^--chmod: "/);
  });

  it.each([
    ['+t', 'D+t'],
    ['F+t', 'D+t'],
    ['u+r,1777', 'D1777'],
  ])('the sticky bit for files: %s', (text, instead) => {
    expect(() => resolveModeChanges([text])).toThrow(`for directories write ${instead}`);
    expect(() => resolveModeChanges(['F-t', instead])).not.toThrow();
  });
});
