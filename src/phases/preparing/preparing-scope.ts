/** What the functions of Preparing share: in a unit, in a directory, and of an entry. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Findings } from '../../engine/messages/findings.ts';
import type { DirectoryTask, Rank } from '../../engine/messages/directory-task.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Change, Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import type { SectionWriter } from '../../engine/plan/plan-writer.ts';
import type { OpenSide } from '../../engine/march/open-side.ts';
import type { Sides } from '../../engine/march/visitor.ts';
import type { Fingerprints } from '../../engine/context/fingerprints.ts';

/** Of one unit: the worker, findings, and where new directories go. */
export interface PreparingScope {
  readonly context: WorkerContext;
  readonly findings: Findings;
  /** Their content is yet to be compared. */
  readonly largeFiles: LargeFile[];
  readonly found: (child: DirectoryTask) => void;
  /** Sends off what was planned so far. */
  readonly handOver?: () => void;
  /** Undefined: nobody asks for reasons. */
  readonly decisions?: Decisions;
}

/** Is told of each decision: `efs-sync why`. Nothing is told of what needs nothing. */
export interface Decisions {
  left(name: ByteString, cause: LeftAloneCause): void;
  planned(change: Change): void;
  /** What an earlier run left behind goes. */
  leftover(name: ByteString): void;
  /** The directory itself. */
  directory(planned: PlannedDirectory): void;
}

export interface PlannedDirectory {
  readonly differences: Differences;
  /** Its metadata stays as it is: it is another user's, or the root of a list. */
  readonly kept?: 'others' | 'root';
}

/** A directory as Preparing holds it. Without a destination Syncing will make it. */
export type PreparedSides = Sides<PreparedDestination>;

export interface PreparedDestination extends OpenSide {
  /** Its mode was changed to list it: Syncing must set it again. */
  readonly didUnlock: boolean;
}

/** The place of an entry in it. */
export interface EntryPlace {
  readonly sides: PreparedSides;
  readonly section: SectionWriter;
  readonly fingerprints: Fingerprints;
  readonly touch: Touch;
  /** Undefined: no two names fold to one. */
  readonly rivals: Rivals | undefined;
}

/** What is to be known of a directory to plan a change in it. */
export interface PlanningPlace extends Pick<EntryPlace, 'section' | 'touch'> {
  /** Undefined: the directory's are written already. */
  readonly fingerprints: Fingerprints | undefined;
  readonly path: ByteString;
  readonly sourceDirectory: OpenDirectory | undefined;
}

interface Touch {
  /** Whether anything in the directory changes, which moves the directory's own mtime. */
  isTouched: boolean;
  /** Whether a name in it is one of several of an inode: what is to be done is decided once all are known. */
  hasLinks: boolean;
}

/** Names that the destination may take for one: the later ones are made last, and only if nothing has them by then. */
export interface Rivals {
  readonly names: ReadonlyMap<ByteString, Rank>;
  readonly section: SectionWriter;
}

/** An entry of both sides, with what statx told of their differences. */
export interface StatedPair {
  readonly name: ByteString;
  readonly source: Entry;
  readonly destination: Entry;
  readonly differences: Differences;
}
