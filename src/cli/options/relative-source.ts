/** `-R`: the part of SOURCE from `/./` on is the one path below the root that takes part, as in rsync. */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { UsageError } from '../../model/run/errors.ts';
import type { CommandLine } from './options.ts';

const PIVOT = '/./';

export interface RelativeSource {
  /** The source of the run. */
  readonly root: ByteString;
  /** Undefined: all of it. */
  readonly onlyBelow: ByteString | undefined;
}

/** The paths of a list are relative to the source anyway. @throws UsageError */
export function splitSource({ source, options }: Pick<CommandLine, 'source' | 'options'>): RelativeSource {
  const isRelative = options.relative === true && options.filesFrom === undefined;
  return isRelative ? splitRelative(source) : { root: source, onlyBelow: undefined };
}

/** Without `/./`, the whole path is kept below the working directory, or below `/`. @throws UsageError */
function splitRelative(source: ByteString): RelativeSource {
  const at = source.indexOf(PIVOT);
  const [root, path] =
    at === -1
      ? [source.startsWith('/') ? '/' : '.', source]
      : [source.slice(0, at) || '/', source.slice(at + PIVOT.length)];
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) {
    throw new UsageError(
      `-R keeps the path of the source, and ${displayName(source)} goes up with ..: start it with DIR/./`,
    );
  }
  return { root, onlyBelow: names.length === 0 ? undefined : names.join('/') };
}

/** Keeps what counts of a relative source when its directory is put before it. */
export function keepRelative(
  source: ByteString,
  fromDirectory: (path: ByteString) => ByteString,
): ByteString {
  if (source.startsWith('/') || source.includes(PIVOT)) return fromDirectory(source);
  const directory = fromDirectory('.');
  return `${directory === '/' ? '' : directory}${PIVOT}${source.replace(/^(\.\/+)+/, '')}`;
}
