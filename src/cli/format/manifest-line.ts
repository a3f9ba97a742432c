/** Lines of `--manifest`, the contract of the manual's MANIFEST, and of the file for sha256sum(1). */
import { isDirectory, kindOf, type Entry } from '../../model/entry.ts';
import type { DigestName } from '../../model/settings.ts';
import type { ContentDigests, VerifiedEntry } from '../../model/verified-entry.ts';
import { jsonText, nameToJson, type JsonObject } from './to-json.ts';

const NSEC_PER_SEC = 1_000_000_000n;
const MINOR_COUNT = 2 ** 32;

export function manifestLine(
  { path, verdict, entry, digests, target }: VerifiedEntry,
  algorithm: DigestName,
): string {
  return `${jsonText({
    ...nameToJson('path', path),
    ...(entry && metadataToJson(entry)),
    ...(target !== undefined && nameToJson('target', target)),
    ...(digests && digestsToJson(digests, algorithm)),
    verdict,
  })}\n`;
}

function metadataToJson(entry: Entry): JsonObject {
  const kind = kindOf(entry.mode);
  return {
    type: kind,
    size: entry.sizeBytes,
    // Past what JSON readers that know only floating point keep exactly.
    mtimeNs: String(BigInt(entry.mtimeSec) * NSEC_PER_SEC + BigInt(entry.mtimeNsec)),
    mode: (entry.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: entry.uid,
    gid: entry.gid,
    ...(kind.endsWith('device') && { deviceNumber: deviceText(entry.specialDevice) }),
    ...(entry.linkCount > 1 && !isDirectory(entry) && { linkGroup: linkGroupOf(entry) }),
  };
}

/** Names of one inode have it in common. */
function linkGroupOf({ device, inode }: Entry): string {
  return `${deviceText(device)}:${inode}`;
}

function deviceText(device: number): string {
  return `${Math.floor(device / MINOR_COUNT)}:${device % MINOR_COUNT}`;
}

function digestsToJson({ source, destination }: ContentDigests, algorithm: DigestName): JsonObject {
  const named = { digestAlgorithm: algorithm };
  if (source === destination) return { ...named, digest: source };
  return { ...named, sourceDigest: source, destinationDigest: destination };
}

/** Latin1. Of the source's content, so that the check fails where the copy is wrong. */
export function checksumLine(path: string, { source }: ContentDigests): string {
  const escaped = path.replaceAll(/[\\\n\r]/g, (character) => ESCAPES[character] as string);
  // By itself, a hyphen is standard input.
  const name = escaped === '-' ? './-' : escaped;
  return `${escaped === path ? '' : '\\'}${source}  ${name}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
