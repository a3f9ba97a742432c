/** Writes the completions of bash, zsh and fish beside the program. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { bashCompletion, fishCompletion, zshCompletion } from '../dist/cli/completions.js';

const directory = new URL('../dist/completions/', import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL('efs-sync.bash', directory), bashCompletion());
// zsh looks for this name along its fpath.
writeFileSync(new URL('_efs-sync', directory), zshCompletion());
writeFileSync(new URL('efs-sync.fish', directory), fishCompletion());
