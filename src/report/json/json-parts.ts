/**
 * What several JSON outputs share: names and texts, a run's user, machine, mounts and options. Names may have
 * any bytes, but no character acts on a terminal.
 */
import { Difference, type Differences } from '../../model/change.ts';
import type { Mount } from '../../model/run/location.ts';
import type { GivenOption, Origin, Provenance, RootOrigin } from '../../model/run/provenance.ts';
import type { Preserve, Settings } from '../../model/settings.ts';
import { decodeName, displayText } from '../../model/display-name.ts';
import { shownOptions } from '../text/facts.ts';

export type JsonObject = Record<string, unknown>;

/** Characters that JSON allows, but that act on a terminal or are invisible. */
const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** As JSON.stringify, but without characters that act on a terminal. */
export function jsonText(object: JsonObject, indent?: number): string {
  return JSON.stringify(object, undefined, indent).replace(HIDDEN, escapeUnits);
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Adds `key` as text, and `keyBase64` if and only if the bytes are not valid UTF-8. */
export function nameToJson(key: string, name: string): JsonObject {
  const { text, exact } = decodeName(name);
  if (exact) return { [key]: text };
  return { [key]: text, [`${key}Base64`]: Buffer.from(name, 'latin1').toString('base64') };
}

export function differenceNames(differences: Differences): string[] {
  return Object.entries(Difference).flatMap(([name, bit]) => ((differences & bit) === 0 ? [] : [name]));
}

export function originToJson(origin: Origin): JsonObject {
  const { host, user, uid } = origin;
  return {
    host: displayText(host),
    ...(user !== undefined && { user: displayText(user) }),
    uid,
    options: shownOptions(origin).map(optionToJson),
  };
}

export function provenanceToJson(provenance: Provenance): JsonObject {
  const { source, destination } = provenance.roots;
  return {
    ...originToJson(provenance),
    roots: { source: rootToJson(source), destination: rootToJson(destination) },
  };
}

function optionToJson({ key, value, origin }: GivenOption): JsonObject {
  const given = typeof value === 'string' ? nameToJson('value', value) : { value };
  return { name: key, ...given, ...nameToJson('origin', origin) };
}

function rootToJson({ realPath, mount }: RootOrigin): JsonObject {
  return { ...nameToJson('realPath', realPath), ...(mount && { mount: mountToJson(mount) }) };
}

function mountToJson({
  fileSystemType,
  source,
  mountPoint,
  rootPath,
  options,
  superOptions,
}: Mount): JsonObject {
  return {
    type: fileSystemType,
    ...nameToJson('source', source),
    ...nameToJson('mountPoint', mountPoint),
    ...nameToJson('rootPath', rootPath),
    options: [...new Set([...options, ...superOptions])].map(displayText),
  };
}

/** The settings that say what was compared and done, defaults included. */
export function settingsToJson(settings: Settings): JsonObject {
  const { maxSizeBytes, onlyBelow, sourceSnapshot, deleteLimit } = settings;
  return {
    verify: settings.verify,
    digest: settings.digest,
    checksum: settings.checksum,
    repair: settings.repair,
    sizeOnly: settings.sizeOnly,
    ignoreTimes: settings.ignoreTimes,
    preserve: preservedNames(settings.preserve),
    usermap: settings.idMaps.uid.length > 0,
    groupmap: settings.idMaps.gid.length > 0,
    chmod: settings.modeChanges.length > 0,
    modifyWindow: settings.modifyWindowSec,
    omitDirTimes: settings.omitDirectoryTimes,
    omitLinkTimes: settings.omitLinkTimes,
    overwrite: settings.overwrite,
    existing: settings.existingOnly,
    delete: settings.delete,
    deleteExcluded: settings.deleteExcluded,
    trackRenames: settings.trackRenames,
    ...(deleteLimit && { maxDelete: deleteLimit }),
    filters: settings.filters.map(({ action, pattern }) => ({ action, ...nameToJson('pattern', pattern) })),
    filesFrom: settings.filesFrom !== undefined,
    ...(onlyBelow !== undefined && nameToJson('onlyBelow', onlyBelow)),
    pruneEmptyDirs: settings.pruneEmptyDirectories,
    safeLinks: settings.safeLinks,
    copyLinks: settings.copyLinks,
    copyDirlinks: settings.copyDirectoryLinks,
    copyUnsafeLinks: settings.copyUnsafeLinks,
    minSizeBytes: settings.minSizeBytes,
    ...(Number.isFinite(maxSizeBytes) && { maxSizeBytes }),
    oneFileSystem: settings.oneFileSystem,
    ...(sourceSnapshot !== undefined && nameToJson('sourceSnapshot', sourceSnapshot)),
  };
}

function preservedNames(preserve: Preserve): string[] {
  const names = Object.keys(preserve) as (keyof Preserve)[];
  return names.filter((name) => name !== 'ownerRequired' && preserve[name]);
}
