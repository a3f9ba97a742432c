/** What a phase does with the two trees as the march shows them: one directory at a time, both sides joined by name. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Freshness } from '../../filesystem/entry-stat.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { SystemError } from '../../linux/system-error.ts';
import type { AttemptName } from '../../model/run/problem.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import type { Side } from '../../model/task.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import type { DirectoryTask, Rank } from '../messages/directory-task.ts';
import type { DirectoryToOpen, OpenSide } from './open-side.ts';
import type { Spellings } from './spellings.ts';

/** The source's directory; without `directory` where it exists but cannot be opened. */
export interface SourceSide extends Pick<OpenSide, 'entry' | 'listing' | 'isOutside' | 'spared'> {
  readonly filter?: OpenSide['filter'];
  /** Sorted: its directories that a file in them leaves out. */
  readonly tagged?: readonly ByteString[];
  readonly directory: OpenDirectory | undefined;
}

/** One directory of both trees. A visitor gets listings without the names that take no part in the run. */
export interface Sides<Destination extends OpenSide = OpenSide> {
  readonly path: ByteString;
  readonly source: SourceSide;
  /** Undefined: it has no such directory. */
  readonly destination: Destination | undefined;
  /** The destination has something else of that name. */
  readonly isOtherKind: boolean;
  /** Nothing here counts as extraneous: an incomplete listing, here or above, may hide it in the source. */
  readonly keepsExtraneous: boolean;
  /** The destination may take its name for another one, which is made too. */
  readonly rank: Rank | undefined;
  readonly missingFrom: ByteString | undefined;
}

/** What the destination's listing has under the name of a directory of the source; `unknown`: it is incomplete. */
export type AtDestination = 'directory' | 'other kind' | 'nothing' | 'unknown';

export interface FailedAt {
  readonly side: Side;
  readonly path: ByteString;
  readonly attempt: Extract<AttemptName, 'list' | 'compare'>;
}

/** @typeParam Place what the visitor keeps of a directory while its names are visited */
export interface Visitor<Destination extends OpenSide = OpenSide, Place = unknown> {
  readonly context: WorkerContext;
  /** `server`: no cache is trusted. */
  readonly freshness: Freshness;
  /** Also names that fold to no listed one are looked up, as the visitor asks for each of them anyway. */
  readonly looksUpEveryName?: boolean;
  /** Missing names are to be made: it matters which of them the destination may take for one. */
  readonly makesNames?: boolean;
  readonly found: (child: DirectoryTask) => void;

  openDestination(place: DirectoryToOpen): Promise<Destination>;
  /** The source's directory cannot be opened, which the visitor tells. Undefined: it is not visited. */
  unopened(task: DirectoryTask, error: unknown): Promise<SourceSide | undefined>;
  /** A call failed, and what it was for is left out. */
  failed(error: unknown, at: FailedAt): void;
  /** `--files-from` lists a path that the source does not have. */
  unfound(path: ByteString, error: SystemError): void;
  left?(cause: Extract<LeftAloneCause, 'outside' | 'excluded' | 'empty'>, count: number): void;
  /** The destination takes a name of the source for another one. */
  taken?(path: ByteString, takenFor: ByteString): void;
  /** A directory that was found takes no part, or is none. */
  notVisited?(): void;

  /** Undefined: its names are not visited. @param spellings undefined: the destination lists every name */
  begin(sides: Sides<Destination>, spellings: Spellings | undefined): Promise<Place | undefined>;
  /** A name that is no directory in the source's listing. @param mayBeThere false: the destination has nothing of that name */
  name(place: Place, name: ByteString, mayBeThere: boolean): Promise<void>;
  directory(place: Place, name: ByteString, there: AtDestination): void;
  /** After all names, where the source's listing is complete and the destination has the directory. */
  extraneous?(place: Place): Promise<void>;
  end?(place: Place): Promise<void>;
  /** The one name that a task is about. */
  alone(task: DirectoryTask, name: ByteString): Promise<void>;
  /** For directories that only the destination has. */
  readonly extraneousDirectories?: ExtraneousDirectories<Destination>;
}

export interface ExtraneousDirectories<Destination extends OpenSide> {
  visit(task: DirectoryTask, destination: Destination): Promise<void>;
  /** It is no directory after all. */
  name(task: DirectoryTask): Promise<void>;
  /** It cannot be looked at. */
  stays?(task: DirectoryTask): void;
}
