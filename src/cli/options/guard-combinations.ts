/** Refuses options that contradict each other, as either reading would surprise somebody. */
import type { ByteString } from '../../model/byte-string.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import type { CommandLine, Options } from './options.ts';
import { backupContradictions } from './backup-rule.ts';
import { attributeOf, nameOf } from './table/option-declaration.ts';
import { OPTIONS } from './table/option-table.ts';

export function guardCombinations({ command, options }: CommandLine): void {
  guardOutputsApart(options);
  guardTurnedOff(options);
  for (const [contradicts, message] of [
    ...contradictions(command, options),
    ...backupContradictions(options),
  ]) {
    if (contradicts) throw new UsageError(message);
  }
}

function contradictions(command: CommandLine['command'], options: Options): [boolean, string][] {
  const { filesFrom, manifest, minSize = 0, maxSize = Infinity } = options;
  const verifiesNothing = options.verify === false || options.verify === 'none';
  return [
    [
      options.checksum === true && options.sizeOnly === true,
      '--checksum compares content and --size-only does not: use only one of them',
    ],
    [
      options.ignoreTimes === true && (options.checksum === true || options.sizeOnly === true),
      `--ignore-times copies every file and --${options.checksum === true ? 'checksum' : 'size-only'} only what differs: use only one of them`,
    ],
    [
      filesFrom !== undefined && options.relative === false,
      '--no-relative: paths of --files-from keep their directories; leave it out',
    ],
    [
      manifest !== undefined && verifiesNothing,
      '--manifest lists what was verified, and --verify=none verifies nothing: use only one of them',
    ],
    [
      options.recursive === false && filesFrom === undefined,
      "--no-recursive works only with --files-from; --exclude='/*/*' leaves out what is in subdirectories",
    ],
    ...writingContradictions(options),
    ...deletionContradictions(options),
    ...ownerContradictions(options),
    ...jsonContradictions(options),
    ...repairContradictions(command, options),
    [command === 'verify' && verifiesNothing, 'efs-sync verify with --verify=none would do nothing'],
    [minSize > maxSize, '--min-size is larger than --max-size: no file would match'],
  ];
}

function jsonContradictions(options: Options): [boolean, string][] {
  return [
    [
      options.json === true && options.quiet === true,
      '--json prints every event and --quiet almost nothing: use only one of them',
    ],
    [
      options.json === true && options.outFormat !== undefined,
      '--json has every detail of each change and prints nothing else: leave out --out-format',
    ],
  ];
}

function repairContradictions(command: CommandLine['command'], options: Options): [boolean, string][] {
  if (options.repair !== true) return [];
  const verifiesNothing = options.verify === false || options.verify === 'none';
  return [
    [command === 'verify', 'efs-sync verify writes nothing: leave out --repair, or sync with --repair'],
    [
      verifiesNothing,
      '--repair copies again what verification finds, and --verify=none verifies nothing: use only one of them',
    ],
    [
      options.backup === true || options.backupDir !== undefined,
      '--repair replaces what this run has written, and --backup would keep that instead of what was there before: use only one of them',
    ],
    [options.dryRun === true, '--repair writes and --dry-run does not: use only one of them'],
    [
      options.pruneEmptyDirs === true,
      '--repair looks at single paths, and --prune-empty-dirs at whole directories: use only one of them',
    ],
  ];
}

function writingContradictions(options: Options): [boolean, string][] {
  const { overwrite } = options;
  return [
    [
      options.update === true && overwrite !== undefined && overwrite !== 'older',
      `--update means --overwrite=older, which contradicts --overwrite=${overwrite}`,
    ],
    [
      options.ignoreExisting === true && overwrite !== undefined && overwrite !== 'never',
      `--ignore-existing means --overwrite=never, which contradicts --overwrite=${overwrite}`,
    ],
    [
      options.delayUpdates === true && options.inplace === true,
      '--inplace writes into existing files at once and --delay-updates replaces them at the end: use only one of them',
    ],
  ];
}

function deletionContradictions(options: Options): [boolean, string][] {
  const deletes = options.delete === true || options.deleteExcluded === true;
  const tracksRenames = options.trackRenames === true;
  return [
    [
      options.filesFrom !== undefined && deletes,
      '--delete with --files-from would delete everything that is not listed: use only one of them',
    ],
    [
      tracksRenames && !deletes,
      '--track-renames renames files that --delete would delete: it needs --delete',
    ],
    [
      tracksRenames && options.ignoreTimes === true,
      '--track-renames copies nothing that only moved, and --ignore-times copies every file: use only one of them',
    ],
  ];
}

/** As in rsync, --chown=USER is a map of all users. */
function ownerContradictions({ chown, usermap, groupmap, owner, group }: Options): [boolean, string][] {
  const [user, ofGroup = ''] = chown?.split(':') ?? [];
  return [
    [
      usermap !== undefined && user !== undefined && user !== '',
      '--chown gives everything to one user, which leaves --usermap nothing to do: use only one of them',
    ],
    [
      groupmap !== undefined && ofGroup !== '',
      '--chown gives everything to one group, which leaves --groupmap nothing to do: use only one of them',
    ],
    [
      usermap !== undefined && owner === false,
      '--usermap maps the owners that --no-owner does not keep: use only one of them',
    ],
    [
      groupmap !== undefined && group === false,
      '--groupmap maps the groups that --no-group does not keep: use only one of them',
    ],
  ];
}

/** What is always done cannot be turned off, and must not seem to be. */
function guardTurnedOff(options: Options): void {
  const given: Readonly<Record<string, unknown>> = options;
  for (const { flags, always } of OPTIONS) {
    const isTurnedOff = always !== undefined && given[attributeOf(flags)] === false;
    if (isTurnedOff) throw new UsageError(`--no-${nameOf(flags)}: ${always}`);
  }
}

/** No two outputs may replace the same file: one would be lost without a word. */
function guardOutputsApart(options: Options): void {
  const { report = [], metrics, manifest, digest } = options;
  const wholes: [string, string | undefined][] = [
    ...report.map((file): [string, string] => ['report', file]),
    ['metrics', metrics],
    ['manifest', manifest],
    // The file for sha256sum(1) beside the manifest.
    ['manifest', manifest === undefined || digest !== 'sha256' ? undefined : `${manifest}.sha256`],
  ];
  const takenBy = new Map<string, string>();
  for (const [option, file] of [
    ...wholes,
    ['log-file', options.logFile],
    ['emf', appended(options.emf)],
  ] as const) {
    if (file === undefined) continue;
    const path = absolutePath(file);
    const other = takenBy.get(path);
    if (other !== undefined) {
      throw new UsageError(
        `--${other} and --${option} would both write ${displayName(file)}: give each its own file`,
      );
    }
    if (option !== 'log-file') takenBy.set(path, option);
  }
}

/** `-` is standard output. */
function appended(file: ByteString | undefined): string | undefined {
  return file === '-' ? undefined : file;
}
