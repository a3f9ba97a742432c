/** Completions work in the real shells, on a terminal, as users expect of the Tab key. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { OPTIONS } from '../../src/cli/options/table/option-table.ts';
import { describeWith } from '../support/requirements.ts';
import { test } from '../support/scenario.ts';

const COMPLETIONS = fileURLToPath(new URL('../../dist/completions/', import.meta.url));
const TYPIST = fileURLToPath(new URL('../support/type-in-shell.py', import.meta.url));

/** The installation commands from docs/scripting.md. */
const SETUP = {
  bash: `source ${COMPLETIONS}efs-sync.bash; bind 'set bell-style none'`,
  zsh: `fpath+=(${COMPLETIONS}); autoload -U compinit; compinit -u -D; unsetopt beep`,
  fish: `source ${COMPLETIONS}efs-sync.fish`,
} as const;

function type(
  shell: keyof typeof SETUP,
  directory: string,
  [keys, awaited]: readonly [string, string],
): string {
  const args = [TYPIST, shell, SETUP[shell], keys, awaited, directory];
  return execFileSync('python3', args, { encoding: 'utf8', timeout: 55_000 });
}

describeWith(['bash', 'zsh', 'fish'], 'Tab', () => {
  test.for(['bash', 'zsh', 'fish'] as const)('%s', async (shell, { trees }) => {
    const { directory } = trees;
    mkdirSync(join(directory, 'only-directory'));
    writeFileSync(join(directory, 'only-task.yaml'), '');
    const cases = [
      ['efs-sync --require-m\t', 'efs-sync --require-mount'],
      ['efs-sync --overwrite=al\t', '--overwrite=always'],
      ['efs-sync prefl\t', 'efs-sync preflight'],
      ['efs-sync stat\t', 'efs-sync status'],
      ['efs-sync only-d\t', 'efs-sync only-directory'],
      ['efs-sync run only-t\t', 'run only-task\\.yaml'],
      ['efs-sync why only-t\t', 'why only-task\\.yaml'],
      ['efs-sync --log-file=only-t\t', '--log-file=only-task\\.yaml'],
    ] as const;
    for (const typed of cases) expect(type(shell, directory, typed)).toMatch(new RegExp(typed[1]));
  });
});

test('zsh and fish know every short option', () => {
  const letters = OPTIONS.flatMap(({ flags }) => /^-([^-])/.exec(flags)?.slice(1) ?? []);
  expect(letters).toContain('@');
  const [zsh, fish] = ['_efs-sync', 'efs-sync.fish'].map((name) => readFileSync(COMPLETIONS + name, 'utf8'));
  for (const letter of letters) {
    expect(zsh).toMatch(new RegExp(`[('{]-${letter}[ ,[]`));
    expect(fish).toContain(` -s ${letter} `);
  }
});
