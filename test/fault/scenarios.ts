/** Pairs of trees that together make the tool use every call it has, and how each pair is synced. */
import { DEFAULT_SETTINGS, type Preserve, type Settings } from '../../src/model/settings.ts';
import type { Tree } from '../support/tree.ts';
import type { Surroundings } from './engine.ts';
import type { Fault } from './faults.ts';
import {
  BEFORE_CLOSED,
  BEFORE_CROWDED,
  BEFORE_IN_PLACE,
  CLOSED,
  CROWDED,
  IN_PLACE,
  OUTDATED,
  UPDATED,
  EVERYTHING,
} from './trees.ts';

export interface Scenario {
  readonly name: string;
  readonly source: Tree;
  readonly destination: Tree | 'as the source';
  readonly command: 'sync' | 'verify';
  readonly settings: Partial<Settings>;
  readonly surroundings: Surroundings;
  /** Calls that fail in every run, as properties of the machine. */
  readonly circumstances?: readonly Fault[];
  /** Run as an unprivileged user who owns both sides. */
  readonly asNobody?: boolean;
  /** Names whose kind changes. The old entry goes before the new one is created. */
  readonly givesWay: readonly string[];
  /** Files that are written in place, and may be left incomplete. */
  readonly inPlace: readonly string[];
}

const ALL: Preserve = {
  ...DEFAULT_SETTINGS.preserve,
  xattr: true,
  acl: true,
  devices: true,
  specials: true,
  ownerRequired: true,
};
const HERE: Surroundings = { source: 'blocking', destination: 'blocking', isRemote: false };
const REMOTE: Surroundings = { source: 'pooled', destination: 'pooled', isRemote: true };
const MIXED: Surroundings = { source: 'pooled', destination: 'blocking', isRemote: false };

const DELETING = { delete: true, checksum: true, fsync: true, preserve: ALL } as const;
const GIVES_WAY = ['becomesFile', 'becomesDirectory'];
const NOTHING = { givesWay: [], inPlace: [] };
const COPY = { source: EVERYTHING, destination: {}, command: 'sync', ...NOTHING } as const;
const UPDATE = {
  source: UPDATED,
  destination: OUTDATED,
  command: 'sync',
  givesWay: GIVES_WAY,
  inPlace: [],
} as const;
const VERIFY = { source: EVERYTHING, destination: 'as the source', command: 'verify', ...NOTHING } as const;

export const SCENARIOS: readonly Scenario[] = [
  { name: 'copy', ...COPY, settings: { preserve: { ...ALL, atime: true } }, surroundings: HERE },
  { name: 'copy, remote', ...COPY, settings: { preserve: ALL }, surroundings: REMOTE },
  { name: 'copy, mixed', ...COPY, settings: { preserve: ALL, digest: 'sha256' }, surroundings: MIXED },
  { name: 'update', ...UPDATE, settings: DELETING, surroundings: HERE },
  { name: 'update, remote', ...UPDATE, settings: DELETING, surroundings: REMOTE },
  {
    name: 'update, transferred',
    ...UPDATE,
    settings: { ...DELETING, verify: 'transferred', partial: true },
    surroundings: MIXED,
  },
  {
    name: 'in place',
    source: IN_PLACE,
    destination: BEFORE_IN_PLACE,
    command: 'sync',
    settings: { inPlace: true, partial: true, verify: 'none' },
    surroundings: MIXED,
    givesWay: [],
    inPlace: ['small', 'holes', 'medium'],
  },
  {
    name: 'dry run',
    ...UPDATE,
    settings: { ...DELETING, dryRun: true, listChanges: true },
    surroundings: HERE,
  },
  {
    name: 'crowded',
    source: CROWDED,
    destination: BEFORE_CROWDED,
    command: 'sync',
    settings: {},
    surroundings: REMOTE,
    ...NOTHING,
  },
  {
    name: 'not root',
    source: CLOSED,
    destination: BEFORE_CLOSED,
    command: 'sync',
    settings: { delete: true },
    surroundings: HERE,
    asNobody: true,
    ...NOTHING,
  },
  { name: 'verify', ...VERIFY, settings: { preserve: ALL }, surroundings: HERE },
  { name: 'verify, remote', ...VERIFY, settings: { preserve: ALL }, surroundings: REMOTE },
];

/** A kernel before 5.6. Its absence of openat2 is remembered, so it needs a separate process. */
export const WITHOUT_OPENAT2: Scenario = {
  name: 'update, without openat2',
  ...UPDATE,
  settings: DELETING,
  surroundings: HERE,
  circumstances: [{ call: 'openat2', nth: 1, kind: 'ENOSYS', lasts: 'always', timing: 'instead' }],
};
