/** Translates the settings of a DataSync task to the options of this program. */
import { displayName } from '../../model/display-name.ts';
import { errorAt, textOf, type Located, type LocatedEntry, type LocatedMap } from './located.ts';
import { nearestKey } from '../../policy/names/nearest-key.ts';
import type { JsonSchema } from './keys.ts';

type Meaning = readonly [key: string, value: string | boolean] | 'the default' | { readonly refused: string };

const DEFAULT = 'the default';
const IDS = 'ids are kept as numbers: INT_VALUE or NONE';

/** https://docs.aws.amazon.com/datasync/latest/userguide/API_Options.html */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  VerifyMode: {
    POINT_IN_TIME_CONSISTENT: ['verify', 'full'],
    ONLY_FILES_TRANSFERRED: ['verify', 'transferred'],
    NONE: ['verify', 'none'],
  },
  OverwriteMode: { ALWAYS: ['overwrite', 'always'], NEVER: ['overwrite', 'never'] },
  Atime: { NONE: ['atimes', false], BEST_EFFORT: ['atimes', true] },
  Mtime: { NONE: ['times', false], PRESERVE: ['times', true] },
  Uid: {
    NONE: ['owner', false],
    INT_VALUE: ['owner', true],
    NAME: { refused: IDS },
    BOTH: { refused: IDS },
  },
  Gid: {
    NONE: ['group', false],
    INT_VALUE: ['group', true],
    NAME: { refused: IDS },
    BOTH: { refused: IDS },
  },
  PreserveDeletedFiles: { PRESERVE: ['delete', false], REMOVE: ['delete', true] },
  PreserveDevices: { NONE: ['devices', false], PRESERVE: ['devices', true] },
  PosixPermissions: { NONE: ['perms', false], PRESERVE: ['perms', true] },
  TransferMode: {
    CHANGED: DEFAULT,
    ALL: { refused: 'only differences are transferred; for a new copy, empty the destination first' },
  },
  LogLevel: { OFF: DEFAULT, BASIC: DEFAULT, TRANSFER: ['verbose', true] },
  TaskQueueing: { ENABLED: ['wait', true], DISABLED: DEFAULT },
  SecurityDescriptorCopyFlags: { NONE: DEFAULT },
  ObjectTags: { NONE: DEFAULT, PRESERVE: DEFAULT },
};

/** Properties of a task in AWS that do not affect a run here. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'SourceLocationArn', 'DestinationLocationArn', 'CloudWatchLogGroupArn', 'TaskArn', 'Tags', 'Status',
  'CreationTime', 'SourceNetworkInterfaceArns', 'DestinationNetworkInterfaceArns', 'CurrentTaskExecutionArn',
]); // prettier-ignore

export const DATA_SYNC_KEYS = ['Name', 'Options', 'Excludes', 'Schedule', ...ELSEWHERE] as const;

/** Gives the same entries under this program's names. @throws UsageError that names the place */
export function fromDataSync(entry: LocatedEntry): readonly LocatedEntry[] {
  const { key, value } = entry;
  if (ELSEWHERE.has(key)) return [];
  if (key === 'Name') return [{ ...entry, key: 'name' }];
  if (key === 'Options') return mapOf(value, key).entries.flatMap(optionFrom);
  if (key === 'Excludes') return value.kind === 'a list' ? value.items.flatMap(excludesFrom) : [];
  const schedule = mapOf(value, key).entries.find((each) => each.key === 'ScheduleExpression');
  return schedule === undefined ? [] : [{ ...schedule, key: 'schedule' }];
}

function optionFrom({ key, at, value }: LocatedEntry): LocatedEntry[] {
  if (key === 'BytesPerSecond') return [{ key: 'bwlimit', at, value: rateOf(value) }];
  const meanings = OPTIONS[key];
  if (meanings === undefined) throw errorAt(at, unknownKey(key, [...Object.keys(OPTIONS), 'BytesPerSecond']));
  const word = textOf(value, key);
  const meaning = meanings[word];
  if (meaning === undefined) {
    throw errorAt(
      value.at,
      `'${key}' must be one of ${Object.keys(meanings).join(', ')}, but this is '${displayName(word)}'`,
    );
  }
  if (meaning === DEFAULT) return [];
  if ('refused' in meaning) throw errorAt(value.at, `${key}: ${word} is not supported: ${meaning.refused}`);
  const [name, meant] = meaning;
  return [{ key: name, at, value: locate(meant, value) }];
}

/** Bytes per second; -1: no limit. */
function rateOf(value: Located): Located {
  const text = textOf(value, 'BytesPerSecond');
  return { kind: 'text', at: value.at, text: text === '-1' ? '0' : `${text}b` };
}

function locate(meant: string | boolean, { at }: Located): Located {
  return typeof meant === 'string'
    ? { kind: 'text', at, text: meant }
    : { kind: 'true or false', at, isTrue: meant };
}

/** Patterns separated by bars. Their `*` matches slashes, as rsync's `**` does. */
function excludesFrom(rule: Located): LocatedEntry[] {
  const { entries } = mapOf(rule, 'Excludes');
  const patterns = entries.find(({ key }) => key === 'Value');
  if (patterns === undefined)
    throw errorAt(rule.at, `'Excludes' must be a list of maps with FilterType and Value`);
  return textOf(patterns.value, 'Value')
    .split('|')
    .map((pattern) => ({
      key: 'exclude',
      at: patterns.at,
      value: { kind: 'text', at: patterns.value.at, text: pattern.replaceAll('*', '**') },
    }));
}

function mapOf(value: Located, key: string): LocatedMap {
  if (value.kind === 'a map') return value;
  throw errorAt(value.at, `'${key}' must be a map, but this is ${value.kind}`);
}

export function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestKey(key, known);
  return `there is no key '${displayName(key)}'${nearest === undefined ? '' : ` (did you mean '${nearest}'?)`}`;
}

export function dataSyncSchema(): JsonSchema {
  const words = Object.entries(OPTIONS).map(
    ([key, meanings]) => [key, { enum: Object.keys(meanings) }] as const,
  );
  const properties = { ...Object.fromEntries(words), BytesPerSecond: { type: 'integer', minimum: -1 } };
  return {
    ...Object.fromEntries(DATA_SYNC_KEYS.map((key) => [key, {}])),
    Options: { type: 'object', additionalProperties: false, properties },
  };
}
