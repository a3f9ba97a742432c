/** Writes the completions of bash, zsh and fish beside the program. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { bashCompletion } from '../dist/cli/completions/bash.js';
import { fishCompletion } from '../dist/cli/completions/fish.js';
import { zshCompletion } from '../dist/cli/completions/zsh.js';

const directory = new URL('../dist/completions/', import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL('efs-sync.bash', directory), bashCompletion());
// The name that zsh looks for along its fpath.
writeFileSync(new URL('_efs-sync', directory), zshCompletion());
writeFileSync(new URL('efs-sync.fish', directory), fishCompletion());
