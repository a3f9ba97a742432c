/** Where a run keeps what it replaces and deletes: plain data that is sent to the workers. */
import type { ByteString } from '../byte-string.ts';
import type { Identity } from '../entry.ts';

export interface BackupPlace {
  /** A directory on the destination's file system, open for the whole run and valid in every worker. */
  readonly fd: number;
  /** The backup directory, relative to that. Its parts are made when they are needed. */
  readonly below: ByteString;
  /** Relative to the destination, if it lies in it: nothing there is synced, verified or deleted. */
  readonly path: ByteString | undefined;
  /** It, if it was there when the run began: a file system may give it another spelling. */
  readonly found: Identity | undefined;
}
