/** What is to be known of a destination file while it is written, besides its descriptor. Plain data. */

export interface DestinationState {
  /** The name it has now. */
  readonly name: string;
  readonly isTemporary: boolean;
  /** It holds older content, and is overwritten. */
  readonly inPlace: boolean;
  /** Without --preserve=mode: the permissions of the file that is replaced. */
  readonly keptMode: number | undefined;
  /** `--partial`: bytes that an earlier run has copied; undefined: it is not kept when interrupted. */
  readonly resumedBytes: number | undefined;
  /** The mode it was made with; undefined: it was there before. */
  readonly createdMode: number | undefined;
  /** Descriptors are shared by all threads: closing one twice would close somebody else's. */
  isOpen: boolean;
}
