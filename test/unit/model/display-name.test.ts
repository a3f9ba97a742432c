/** Names are shown as UTF-8, with rsync's escapes for bytes that a terminal would not show. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeName, displayName, displayText } from '../../../src/model/display-name.ts';
import { describeWith } from '../../support/requirements.ts';

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('displayName', () => {
  test.each([
    ['plain', 'a b', 'a b'],
    ['two bytes', bytes('café'), 'café'],
    ['three and four bytes', bytes('日😀'), '日😀'],
    ['not UTF-8', 'a\xff', 'a\\#377'],
    ['cut short', 'a\xe2\x82', 'a\\#342\\#202'],
    ['a surrogate', '\xed\xa0\x80', '\\#355\\#240\\#200'],
    ['longer than it need be', '\xc0\xaf', '\\#300\\#257'],
    ['a newline', 'a\nb', 'a\\#012b'],
    ['an escape sequence', '\x1b[31m', '\\#033[31m'],
    ['delete', '\x7f', '\\#177'],
    ['C1', bytes('\u{9b}'), '\\#302\\#233'],
    ['text turned around', bytes('\u{202e}fdp'), '\\#342\\#200\\#256fdp'],
    ['zero width', bytes('a\u{200b}b'), 'a\\#342\\#200\\#213b'],
    ['what reads as an escape', '\\#012', '\\#134#012'],
    ['a backslash that does not', '\\#01', '\\#01'],
  ])('%s', (_, name, shown) => {
    expect(displayName(name)).toBe(shown);
  });

  test('is decoded to the same bytes, whatever they are', () => {
    const name = fc.array(fc.integer({ min: 1, max: 255 })).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(name, (original) => {
        const back = bytes(displayName(original)).replace(/\\#(\d{3})/g, (_, digits: string) =>
          String.fromCharCode(Number.parseInt(digits, 8)),
        );
        expect(back).toBe(original);
      }),
    );
  });
});

describeWith(['rsync'], 'as rsync prints them', () => {
  test.each(['a\tb', 'a\nb', '\x1b[0m', 'a\xffb', 'a\xe2\x82', '\\#012', '\\#01', '\\n', 'caf\xc3\xa9'])(
    '%j',
    (name) => {
      const directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, 'latin1')]), '');
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const listed = spawnSync('rsync', ['-rn', '--out-format=%n', `${directory}/`, '/nonexistent-'], {
        env,
      });
      rmSync(directory, { recursive: true });
      expect(listed.stdout.toString().split('\n')).toContain(displayName(name));
    },
  );
});

describe('displayText', () => {
  test.each([
    ['text is left', 'cannot open é, 日', 'cannot open é, 日'],
    ['a name that is shown already is not changed', displayName('\\#012\n\xff'), '\\#134#012\\#012\\#377'],
    ['controls are shown', 'cannot open \x1b\u{9b}', 'cannot open \\#033\\#302\\#233'],
  ])('%s', (_, message, shown) => {
    expect(displayText(message)).toBe(shown);
  });
});

test.each([
  ['ASCII', 'a\n', { text: 'a\n', exact: true }],
  ['UTF-8', bytes('é'), { text: 'é', exact: true }],
  ['other bytes', 'a\xff', { text: 'a\u{fffd}', exact: false }],
  ['U+FFFD itself', bytes('\u{fffd}'), { text: '\u{fffd}', exact: true }],
])('decodeName: %s', (_, name, decoded) => {
  expect(decodeName(name)).toEqual(decoded);
});
