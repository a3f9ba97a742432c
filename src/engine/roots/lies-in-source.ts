/** Whether a directory that the run writes into lies where it reads the source, which is never written to. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Location } from '../../model/run/location.ts';
import type { Settings } from '../../model/settings.ts';
import { waysInto } from '../../filesystem/roots/location-identity.ts';
import { reachesBy } from '../../policy/filter/path-selection.ts';

/**
 * With `-R`, and where the destination is in the source and left out, the source holds it, and the run never gets there.
 * @param below names that are yet to be made in it
 */
export async function liesInSource(
  directory: Location,
  below: readonly ByteString[],
  { settings, source }: { readonly settings: Settings; readonly source: Location },
): Promise<boolean> {
  const reaches = reachesBy(settings, 'source');
  const ways = await waysInto(directory, source);
  return ways.some(({ path }) => path === undefined || reaches(joined([path, ...below])));
}

function joined(names: readonly ByteString[]): ByteString {
  return names.filter((name) => name !== '').join('/');
}
