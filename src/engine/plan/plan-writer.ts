/** Writes a unit's part of the plan: the bytes of its records, and the position of each. */
import type { BytePool } from '../../flow/byte-pool.ts';
import { kindOf, type Entry } from '../../model/entry.ts';
import { moveKey } from '../../policy/compare/match-moves.ts';
import type { Change } from '../../model/change.ts';
import { BinaryWriter } from './binary.ts';
import {
  depthOf,
  writeDirectoryRecord,
  type DirectoryAction,
  type DirectoryRecord,
  writeRemovalRecord,
  type RemovalRecord,
  writeRespellingRecord,
  type RespellingRecord,
  writeLinkRecord,
  type LinkRecord,
} from './records.ts';
import { type MovableFile, type MovePair, writeMovable, writeMovePair } from './move-records.ts';
import { RecordBytes, type Chunks } from './record-bytes.ts';
import { RecordRefs } from './record-refs.ts';
import { writeChange, writeSectionStart, type Leader, type SectionDirectory } from './section.ts';

/** Limits of a section: large enough to be cheap, small enough to split a large directory. */
const SECTION_CHANGES = 256;
const SECTION_WEIGHT_BYTES = 32 * 1024 * 1024;
/** A change costs a few calls, about as much as copying this many bytes. */
const CHANGE_WEIGHT_BYTES = 16 * 1024;

const REFS_PER_UNIT = 16 * 1024;

/**
 * - `sections`: changes that stand alone; `linkSections`: names to link afterwards
 * - `removals`: extraneous names; `directories`: to make, to finish or to remove
 * - `makeWay…`: the same, for directories that something else replaces
 * - `respellings`: names that the destination spells differently; `claims`: directories whose names may turn
 *   out to be taken
 * - `links`: names of multiply-linked inodes, for which changes are decided later
 * - `movable`: `--track-renames`; extraneous files, and `movePairs`: new files with those that they may have been
 */
export const PLAN_PARTS = [
  'sections',
  'linkSections',
  'removals',
  'directories',
  'makeWayRemovals',
  'makeWayDirectories',
  'respellings',
  'claims',
  'links',
  'movable',
  'movePairs',
] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];
export type PlanRefs = Readonly<Record<PlanPart, Float64Array>>;

/** Plain data. */
export interface PlanRecords {
  readonly chunks: Chunks;
  /** Positions in the chunks, packed by `RecordRefs`. */
  readonly refs: PlanRefs;
}

const DIRECTORY_PARTS: Readonly<Partial<Record<DirectoryAction, PlanPart>>> = {
  makeWay: 'makeWayDirectories',
  giveWay: 'makeWayDirectories',
  claim: 'claims',
};

export class PlanWriter {
  readonly #bytes: RecordBytes;
  readonly #record = new BinaryWriter();
  #refs = emptyRefs();
  #refCount = 0;

  /** @param pool of the isolate */
  constructor(pool?: BytePool) {
    this.#bytes = new RecordBytes(pool);
  }

  /** The unit should end. */
  get isFull(): boolean {
    return this.#refCount >= REFS_PER_UNIT || this.#bytes.isFull;
  }

  directory(record: DirectoryRecord): void {
    writeDirectoryRecord(this.#record, record);
    this.#keep(DIRECTORY_PARTS[record.action] ?? 'directories', this.#record, depthOf(record.path));
  }

  link(record: LinkRecord): void {
    writeLinkRecord(this.#record, record);
    this.#keep('links', this.#record, 0);
  }

  /** Its weight is its key. */
  movable(file: MovableFile): void {
    writeMovable(this.#record, file);
    this.#keep('movable', this.#record, moveKey(file.entry, file.name));
  }

  movePair(pair: MovePair): void {
    writeMovePair(this.#record, pair);
    this.#keep('movePairs', this.#record, 0);
  }

  removal(part: 'removals' | 'makeWayRemovals', record: RemovalRecord): void {
    writeRemovalRecord(this.#record, record);
    this.#keep(part, this.#record, record.names.length);
  }

  respelling(record: RespellingRecord): void {
    writeRespellingRecord(this.#record, record);
    this.#keep('respellings', this.#record, depthOf(record.directoryPath));
  }

  /** Starts a section of one directory. Fill and end it before writing another record. */
  section(directory: SectionDirectory, part: 'sections' | 'linkSections' = 'sections'): SectionWriter {
    return new SectionWriter(directory, (bytes, weight) => this.#keep(part, bytes, weight));
  }

  /** All records since the last call. */
  takeRecords(): PlanRecords {
    const taken = this.#refs;
    this.#refs = emptyRefs();
    this.#refCount = 0;
    const pack = (part: PlanPart) => [part, taken[part].slice(0, taken[part].count)];
    return { chunks: this.#bytes.take(), refs: Object.fromEntries(PLAN_PARTS.map(pack)) as PlanRefs };
  }

  #keep(part: PlanPart, record: BinaryWriter, weight: number): void {
    const offset = this.#bytes.append(record.bytes());
    this.#refCount++;
    this.#refs[part].push({ offset, lengthBytes: record.length, weight });
    record.clear();
  }
}

/** Collects the changes of a directory and cuts them into sections. */
export class SectionWriter {
  readonly #record = new BinaryWriter();
  readonly #changes = new BinaryWriter();
  readonly #directory: SectionDirectory;
  readonly #keep: (bytes: BinaryWriter, weightBytes: number) => void;
  #wasCut = false;
  #count = 0;
  #weightBytes = 0;

  constructor(directory: SectionDirectory, keep: (bytes: BinaryWriter, weightBytes: number) => void) {
    this.#directory = directory;
    this.#keep = keep;
  }

  add(change: Change, leader?: Leader): void {
    writeChange(this.#changes, change, leader);
    this.#count++;
    this.#weightBytes += CHANGE_WEIGHT_BYTES + contentBytes(change);
    if (this.#count < SECTION_CHANGES && this.#weightBytes < SECTION_WEIGHT_BYTES) return;
    this.#cut(undefined);
    this.#wasCut = true;
  }

  end(): void {
    if (this.#count > 0) this.#cut(undefined);
  }

  /**
   * The section also makes its directory. False: there is no section, or several, which might run in any
   * order.
   */
  endMaking(directory: Entry): boolean {
    if (this.#count === 0 || this.#wasCut) return false;
    this.#cut(directory);
    return true;
  }

  #cut(makes: Entry | undefined): void {
    writeSectionStart(this.#record, this.#directory, makes);
    this.#record.bytesOf(this.#changes);
    this.#keep(this.#record, this.#weightBytes);
    this.#changes.clear();
    this.#count = 0;
    this.#weightBytes = 0;
  }
}

function contentBytes(change: Change): number {
  return change.action === 'write' && kindOf(change.source.mode) === 'file' ? change.source.sizeBytes : 0;
}

function emptyRefs(): Record<PlanPart, RecordRefs> {
  return Object.fromEntries(PLAN_PARTS.map((part) => [part, new RecordRefs()])) as Record<
    PlanPart,
    RecordRefs
  >;
}
