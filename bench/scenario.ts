/** What a benchmark is made of: a tree, the state a run finds the destination in, and who runs. */

export type Command = readonly string[];

/** What a contender is told of one run. */
export interface Places {
  readonly source: string;
  readonly destination: string;
  /** For what a contender keeps of its own: a local directory, empty before every run. */
  readonly scratch: string;
  /** Files in the source, for tools that have to be told how to divide them. */
  readonly files: number;
  /** One of the two sides is a network file system: many calls at once pay. */
  readonly network: boolean;
}

export interface Contender {
  readonly name: string;
  /** It is left out where one of these is not installed. */
  readonly programs: readonly string[];
  /** The commands that do the scenario's work, one after the other. */
  readonly commands: (places: Places) => readonly Command[];
  /** Where false, modes, owners and times of directories are not compared after the warm-up. */
  readonly keepsDirectoryMetadata: boolean;
}

export interface Tree {
  readonly description: string;
  /** What it takes on each side, at scale 1. */
  readonly sizeBytes: number;
  /** Made on a local disk and copied over where the source is on a network, one call at a time being too slow. */
  readonly isManyFiles: boolean;
  /** Fills an empty directory. */
  readonly make: (root: string, scale: number) => void;
}

export interface Scenario {
  readonly name: string;
  readonly tree: Tree;
  /** What is done with the tree; with the tree and the place it is made in, the title. */
  readonly work: string;
  /** Where the trees are made if the user names no directories; scenarios for mounts run only if the user does. */
  readonly place: 'tmpfs' | 'local disk' | 'mounts';
  /** Says something of any tree: --source may take the place of its own. */
  readonly suitsAnyTree: boolean;
  /** Before every run, outside the timing. */
  readonly prepareDestination: (places: Places) => void;
  /** Caches are dropped before every run. */
  readonly isCold: boolean;
  /** Throws unless the contender, having run once, did the work. */
  readonly guard: (contender: Contender, places: Places) => void;
  /** The first is what the others are compared with. */
  readonly contenders: readonly Contender[];
}
