/** What is asked of a comparison of two files, and what it finds. */
import type { DigestName } from '../model/settings.ts';
import type { Awaitable } from './linux/call-table.ts';

export interface CompareRequest {
  /** Of the source, as noted; both files are read to their ends, wherever those are now. */
  readonly sizeBytes: number;
  /** Of the source: one that has no holes shares none. */
  readonly blocks: number;
  readonly digest: DigestName;
  /** The digests are those of the bytes read, holes as zeros, whatever that takes. */
  readonly digestsHoles?: boolean;
  /** Ask the disk or the server, not this machine's cache. */
  readonly dropSourceCache: boolean;
  readonly dropDestinationCache: boolean;
  /** Called as the source's content was read; its promise is awaited. */
  onBytes(count: number): Awaitable<void>;
}

export interface ContentComparison {
  readonly equal: boolean;
  readonly sourceDigest: string;
  readonly destinationDigest: string;
  readonly firstDifferenceOffset?: number;
  /** From both sides together. */
  readonly bytesRead: number;
}

/** Offset of the first byte that differs; the shorter one's length where it is the start of the longer. */
export function firstDifference(first: Buffer, second: Buffer): number {
  const end = Math.min(first.length, second.length);
  for (let i = 0; i < end; i++) if (first[i] !== second[i]) return i;
  return end;
}
