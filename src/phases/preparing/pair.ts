/** The two sides of a directory as Preparing holds them, and the place of an entry in them. */
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { SectionWriter } from '../plan/plan-writer.ts';
import type { OpenSide } from '../walking/open-side.ts';
import type { Rank } from '../walking/directory-task.ts';
import type { Fingerprints } from './fingerprints.ts';

/** The source's directory; without `directory` where it exists but cannot be read. */
export interface PreparedSource extends Pick<OpenSide, 'entry' | 'listing' | 'isOutside'> {
  readonly directory: OpenDirectory | undefined;
}

export interface PreparedDestination extends OpenSide {
  /** Its mode was changed to list it: Syncing must set it again. */
  readonly didUnlock: boolean;
}

export interface PreparedPair {
  readonly path: string;
  readonly source: PreparedSource;
  /** Undefined: Syncing will make it. */
  readonly destination: PreparedDestination | undefined;
  /** What an incomplete listing did not show, here or above, may still be in the source; or it is outside. */
  readonly keepsExtraneous: boolean;
  /** The destination may take its name for another one, which is made too. */
  readonly rank: Rank | undefined;
}

export interface EntryPlace {
  readonly pair: PreparedPair;
  readonly section: SectionWriter;
  readonly fingerprints: Fingerprints;
  readonly touch: Touch;
  /** Undefined: no two names fold to one. */
  readonly rivals: Rivals | undefined;
}

/** Names that the destination may take for one: the later ones are made last, and only if nothing has them by then. */
export interface Rivals {
  readonly names: ReadonlyMap<string, Rank>;
  readonly section: SectionWriter;
}

export interface Touch {
  /** Whether anything in the directory changes, which moves the directory's own mtime. */
  isTouched: boolean;
  /** Whether a name in it is one of several of an inode: what is to be done is decided once all are known. */
  hasLinks: boolean;
}

/** What is to be known of a directory to plan a change in it. */
export interface PlanningPlace extends Pick<EntryPlace, 'section' | 'touch'> {
  readonly path: string;
  readonly sourceDirectory: OpenDirectory | undefined;
}

/** An entry of both sides, with what statx told of their differences. */
export interface StatedPair {
  readonly name: string;
  readonly source: Entry;
  readonly destination: Entry;
  readonly differences: Differences;
}
