/** What the command line asks for. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run bench -- [options]

  --scenario NAME           run this one (repeatable)
  --list                    list the scenarios and who takes part
  --memory                  instead of times, the most memory that efs-sync takes, by entries
  --rounds N                measured runs of each contender after the warm-up (5); at most 2
                            in a scenario where one of them takes over a minute
  --scale X                 make the source tree X times as large (1)
  --source-parent DIR       make the source tree in a directory in here, and remove it at the end
  --destination-parent DIR  make the destination in a directory in here, and remove it at the end
  --source DIR              copy this tree instead of the scenario's own; it is only read; needs
                            --destination-parent
  --before-run COMMAND      make caches cold with this, such as a remount, before every run of a cold
                            scenario; otherwise the kernel's are dropped, which takes root
  --without NAME            leave out a contender (repeatable), such as "cp -a"
  --json FILE               write every round's times as JSON too

Without --scenario, all run but those for mounts; if a parent is named, those for mounts; with --source,
those that suit any tree.
`;

export interface Plan {
  /** Undefined: the default scenarios. */
  readonly scenarios: readonly string[] | undefined;
  readonly rounds: number;
  readonly scale: number;
  readonly sourceParent: string | undefined;
  readonly destinationParent: string | undefined;
  /** An existing tree, which is only read. */
  readonly source: string | undefined;
  readonly beforeRun: string | undefined;
  /** Contenders to leave out, by name. */
  readonly without: readonly string[];
  readonly jsonFile: string | undefined;
  readonly memory: boolean;
}

export function parsePlan(args: readonly string[]): Plan | 'help' | 'list' {
  const options = parse(args);
  if (options.help) return 'help';
  if (options.list) return 'list';
  const directories = {
    sourceParent: absolute(options['source-parent']),
    destinationParent: absolute(options['destination-parent']),
    source: absolute(options.source),
  };
  guardDirectories(directories);
  return {
    ...directories,
    scenarios: options.scenario,
    rounds: Math.ceil(positive('rounds', options.rounds)),
    scale: positive('scale', options.scale),
    beforeRun: options['before-run'],
    without: options.without,
    jsonFile: options.json,
    memory: options.memory,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string', multiple: true },
      list: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      'source-parent': { type: 'string' },
      'destination-parent': { type: 'string' },
      source: { type: 'string' },
      'before-run': { type: 'string' },
      without: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

type Directories = Pick<Plan, 'source' | 'sourceParent' | 'destinationParent'>;

function guardDirectories({ source, sourceParent, destinationParent }: Directories): void {
  if (source === undefined) return;
  if (sourceParent !== undefined)
    throw new Error(
      '--source names a tree that exists, --source-parent a place to make one: use only one of them',
    );
  if (destinationParent === undefined)
    throw new Error('--source needs --destination-parent, with room for a copy of it');
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  throw new Error(`--${option} needs a number above 0, not ${text}`);
}
