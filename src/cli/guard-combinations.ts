/** Options that contradict each other: refused, for either reading would surprise someone. */
import { UsageError } from '../errors.ts';
import type { CommandLine, Options } from './options.ts';

export function guardCombinations({ command, options }: CommandLine): void {
  for (const [contradicts, message] of contradictions(options)) {
    if (contradicts) throw new UsageError(message);
  }
  if (command === 'verify' && (options.verify === false || options.verify === 'none')) {
    throw new UsageError('efs-sync verify with --verify=none would do nothing');
  }
}

function contradictions(options: Options): [boolean, string][] {
  const { overwrite, filesFrom, manifest, verify } = options;
  const deletes = options.delete === true || options.deleteExcluded === true;
  return [
    [
      options.checksum === true && options.sizeOnly === true,
      '--checksum compares content and --size-only does not: give one of them',
    ],
    [
      options.update === true && overwrite !== undefined && overwrite !== 'older',
      `--update is --overwrite=older, which contradicts --overwrite=${overwrite}`,
    ],
    [
      options.ignoreExisting === true && overwrite !== undefined && overwrite !== 'never',
      `--ignore-existing is --overwrite=never, which contradicts --overwrite=${overwrite}`,
    ],
    [
      filesFrom !== undefined && deletes,
      '--delete with --files-from: what is not listed would count as extraneous and be deleted; give one of them',
    ],
    [
      manifest !== undefined && (verify === false || verify === 'none'),
      '--manifest holds what was verified, and --verify=none verifies nothing: give one of them',
    ],
    [
      options.json === true && options.quiet === true,
      '--json prints every event and --quiet next to nothing: give one of them',
    ],
  ];
}
