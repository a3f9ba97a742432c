/** How Verifying read content: from a server, or through the cache of this machine. */
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Provenance } from '../../model/run/provenance.ts';
import type { Report } from '../../model/run/report.ts';

/**
 * For the row "Verified": what is in the cache may not be on the destination's disk yet. In memory there is no
 * other copy, and content of a server is read from the server.
 */
export function cacheNote({ tally, provenance }: Pick<Report, 'tally' | 'provenance'>): string {
  const { mount } = provenance.roots.destination;
  const isProven = mount !== undefined && (mount.isRemote || fileSystemOf(mount).isInMemory);
  return tally.filesVerified === 0 || isProven ? '' : '; destination read from cache';
}

/** For a report that stands alone. */
export function readingWords({ source, destination }: Provenance['roots']): string {
  const [ofSource, ofDestination] = [howRead(source), howRead(destination)];
  if (ofSource === ofDestination) return ofSource;
  return `the source ${ofSource}, the destination ${ofDestination}`;
}

const THROUGH_CACHE = "through this machine's cache";

function howRead({ mount }: Provenance['roots']['source']): string {
  return mount?.isRemote === true ? 'from the server' : THROUGH_CACHE;
}
