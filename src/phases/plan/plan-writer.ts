/** Writes a worker's part of the plan into its own spool, and remembers where each record lies. */
import { kindOf, type Entry } from '../../model/entry.ts';
import type { Change } from '../../model/change.ts';
import { BinaryWriter } from './binary.ts';
import {
  depthOf,
  writeDirectoryRecord,
  type DirectoryAction,
  type DirectoryRecord,
} from './directory-record.ts';
import { writeLinkRecord, type LinkRecord } from './link-record.ts';
import { RecordRefs } from './record-refs.ts';
import { writeRespellingRecord, type RespellingRecord } from './respelling-record.ts';
import { writeRemovalRecord, type RemovalRecord } from './removal-record.ts';
import { writeChange, writeSectionStart, type Leader, type SectionDirectory } from './section.ts';

/** What a section may hold: large enough to be cheap, small enough to share a large directory. */
const SECTION_CHANGES = 256;
const SECTION_WEIGHT_BYTES = 32 * 1024 * 1024;
/** Every change costs a few calls, about as much as this many bytes. */
const CHANGE_WEIGHT_BYTES = 16 * 1024;

/** Half a megabyte. */
const REFS_PER_UNIT = 16 * 1024;

/** Appends bytes, gives their offset. */
export interface RecordSink {
  append(bytes: Uint8Array): number;
}

/**
 * - `sections`: changes that stand alone; `linkSections`: names to link once those are made
 * - `removals`: extraneous names; `directories`: to make, to finish or to remove
 * - `makeWay…`: the same, of directories whose place something else takes
 * - `respellings`: names that the destination spells otherwise; `claims`: directories that it may take for others
 * - `links`: names of multiply-linked inodes, from which the changes to make are yet to be decided
 */
const PLAN_PARTS = [
  'sections',
  'linkSections',
  'removals',
  'directories',
  'makeWayRemovals',
  'makeWayDirectories',
  'respellings',
  'claims',
  'links',
] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];
export type PlanRefs = Readonly<Record<PlanPart, Float64Array>>;

const DIRECTORY_PARTS: Readonly<Partial<Record<DirectoryAction, PlanPart>>> = {
  makeWay: 'makeWayDirectories',
  giveWay: 'makeWayDirectories',
  claim: 'claims',
};

export class PlanWriter {
  readonly #spool: number;
  readonly #sink: RecordSink;
  readonly #record = new BinaryWriter();
  #refs = emptyRefs();
  #refCount = 0;

  constructor(spool: number, sink: RecordSink) {
    this.#spool = spool;
    this.#sink = sink;
  }

  /** The unit of work should end: its refs are a message to be copied, and every name of hard links has one. */
  get isFull(): boolean {
    return this.#refCount >= REFS_PER_UNIT;
  }

  directory(record: DirectoryRecord): void {
    writeDirectoryRecord(this.#record, record);
    this.#keep(DIRECTORY_PARTS[record.action] ?? 'directories', this.#record, depthOf(record.path));
  }

  link(record: LinkRecord): void {
    writeLinkRecord(this.#record, record);
    this.#keep('links', this.#record, 0);
  }

  removal(part: 'removals' | 'makeWayRemovals', record: RemovalRecord): void {
    writeRemovalRecord(this.#record, record);
    this.#keep(part, this.#record, record.names.length);
  }

  respelling(record: RespellingRecord): void {
    writeRespellingRecord(this.#record, record);
    this.#keep('respellings', this.#record, depthOf(record.directoryPath));
  }

  /** A section of one directory, to be filled and ended before the next record of this writer. */
  section(directory: SectionDirectory, part: 'sections' | 'linkSections' = 'sections'): SectionWriter {
    return new SectionWriter(directory, (bytes, weight) => this.#keep(part, bytes, weight));
  }

  /** The refs of all records since the last call. */
  takeRefs(): PlanRefs {
    const taken = this.#refs;
    this.#refs = emptyRefs();
    this.#refCount = 0;
    const pack = (part: PlanPart) => [part, taken[part].slice(0, taken[part].count)];
    return Object.fromEntries(PLAN_PARTS.map(pack)) as PlanRefs;
  }

  #keep(part: PlanPart, record: BinaryWriter, weight: number): void {
    const offset = this.#sink.append(record.bytes());
    this.#refCount++;
    this.#refs[part].push({ spool: this.#spool, offset, lengthBytes: record.length, weight });
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

  /** The section is to make its directory, too. False: there is none, or others that might come before it. */
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
