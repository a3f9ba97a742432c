/** What a benchmark is made of: a tree, the state a run finds the destination in, and who runs. */

export type Command = readonly string[];

/** The paths and facts that a contender gets for one run. */
export interface Places {
  readonly source: string;
  readonly destination: string;
  /** A local directory for the contender's own files, empty before every run. */
  readonly scratch: string;
  /** The number of files in the source, for tools that need it to split the work. */
  readonly files: number;
  /** True if either side is a network file system, on which concurrent calls pay. */
  readonly network: boolean;
}

export interface Contender {
  readonly name: string;
  /** If one of these is not installed, the contender is left out. */
  readonly programs: readonly string[];
  /** The commands that do the scenario's work, in order. */
  readonly commands: (places: Places) => readonly Command[];
  /** If false, metadata of directories is not compared after the warm-up. */
  readonly keepsDirectoryMetadata: boolean;
}

export interface Tree {
  readonly description: string;
  /** The size on each side at scale 1. */
  readonly sizeBytes: number;
  /**
   * If the source is on a network, build the tree on a local disk and copy it over, because single calls are
   * too slow.
   */
  readonly isManyFiles: boolean;
  /** Fills an empty directory. */
  readonly make: (root: string, scale: number) => void;
}

export interface Scenario {
  readonly name: string;
  readonly tree: Tree;
  /** What the run does. Together with the tree and its place, it forms the title. */
  readonly work: string;
  /**
   * The place of the trees unless the user names directories. Scenarios for mounts run only if the user does.
   */
  readonly place: 'tmpfs' | 'local disk' | 'mounts';
  /** The scenario makes sense for any tree, so --source may replace its own. */
  readonly suitsAnyTree: boolean;
  /** Called before every run, and not timed. */
  readonly prepareDestination: (places: Places) => void;
  /** Drops caches before every run. */
  readonly isCold: boolean;
  /** Throws unless the contender's warm-up run did the work. */
  readonly guard: (contender: Contender, places: Places) => void;
  /** The first contender is the reference for the others. */
  readonly contenders: readonly Contender[];
}
