/** What a benchmark is made of: a tree, the state a run finds the destination in, and who runs. */

export interface Contender {
  readonly name: string;
  /** The commands that do the scenario's work, one after the other. */
  readonly commands: (source: string, destination: string) => readonly (readonly string[])[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Parent of the directories that the scenario makes and removes, unless the user names others. */
  readonly parent: string;
  /** Fills an empty directory; at scale 1 with what the title says. */
  readonly makeSource: (source: string, scale: number) => void;
  /** Before every run, outside the timing. */
  readonly prepareDestination: (source: string, destination: string) => void;
  /** The first is what the others are compared with. */
  readonly contenders: readonly Contender[];
}
