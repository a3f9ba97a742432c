/**
 * How much happens at once: each number with its unit and its reason. A number that depends on another is computed from
 * it. How many workers and lanes a run has, src/policy/plan-concurrency.ts decides; what runs where, docs/code.md says.
 */

// Calls in flight

/** NFS: Linux keeps at most 64 requests in flight for each NFS v4.1 mount. */
export const CALLS_PER_MOUNT = 64;

/** In bytes: the entries of a ring fill one page, which is all that the kernel takes without huge pages. */
export const RING_PAGE_BYTES = 4096;
const RING_ENTRY_BYTES = 64;

/** A ring's page has room for no more entries. Each call in flight has one, and a note for the watchdog. */
export const CALLS_PER_ISOLATE = RING_PAGE_BYTES / RING_ENTRY_BYTES;

/**
 * koffi keeps no more contexts for calls on the pool, an isolate. PERF: a call that finds none free maps and unmaps
 * memory: with 30 in flight a call cost 53 µs of CPU with koffi's default of 8 contexts, and 3 with 32.
 */
export const KOFFI_CONTEXTS = 32;
/** Two fewer than koffi keeps contexts for. PERF: with more, a call costs ten times as much CPU. */
export const POOLED_CALLS_PER_ISOLATE = KOFFI_CONTEXTS - 2;

/**
 * Threads of libuv's pool, which all isolates share. Where there is no ring each request of a mount holds one, and no
 * isolate may hand over more calls than there are threads. bin/efs-sync.js repeats the number: nothing is loaded yet there.
 */
export const POOL_THREADS = Math.max(CALLS_PER_MOUNT, POOLED_CALLS_PER_ISOLATE);

/** Lookups of one listing: each needs memory for its answer. */
export const LOOKUPS_PER_LISTING = 256;

// Units of work

/** The next unit is there when one ends. */
export const UNITS_PER_WORKER = 2;

/**
 * The same for records of the plan, where calls overlap: a client makes one name at a time in a directory, so many
 * directories must be at work. PERF: with half as many, 80 directories of 50 files took 15 % longer between mounts of
 * 5 ms, and 9 % at 1 ms.
 */
export const OVERLAPPING_UNITS_PER_WORKER = 4 * UNITS_PER_WORKER;

/** A unit gets the records that are left, divided by the workers and this: all workers end at about the same time. */
export const SHARES_PER_WORKER = 8;
/** At most: they bound the message and what a unit holds. A section has up to 256 changes, of about 150 bytes each. */
export const RECORDS_PER_UNIT = 256;
export const RECORD_BYTES_PER_UNIT = 512 * 1024;

/** A unit of a walk gets the directories that wait, divided by the units under way and this, for the same reason. */
export const WALK_SHARES_PER_UNIT = 2;
/** PERF: one message costs about 50 µs, a directory of ten entries about as much. */
export const DIRECTORIES_PER_UNIT = 256;

/** Files that one unit looks at again. */
export const FILES_PER_LOOK = 256;

/** Large files that all workers have a part in: the next is there when one ends. */
export const SHARED_JOBS = 2;
/** Jobs take memory: beyond so many no unit begins that may bring more. */
export const MOST_JOBS_WAITING = 1000;

// Lanes of a worker while Syncing

/** Many lanes wait for their directory. */
const LANES_PER_CALL = 2;

/** Lanes of each unit, so that all units of a worker together keep its calls in flight. */
export function lanesPerUnit(callsInFlight: number): number {
  return Math.ceil((callsInFlight * LANES_PER_CALL) / OVERLAPPING_UNITS_PER_WORKER);
}

/** Lanes of all units of a worker: each notes the file that it writes. */
export const MOST_LANES = lanesPerUnit(CALLS_PER_ISOLATE) * OVERLAPPING_UNITS_PER_WORKER;

/** One file of a directory is being created while the others wait for their other round trips. */
export const LANES_PER_DIRECTORY = 12;

/**
 * Directories being made in each parent: one is made while the next one's call is on its way. PERF: a client makes one
 * name after another in a directory. Calls that wait for that take the places of others in flight, and no file
 * moved: 400 directories in one, between mounts of 5 ms, took a quarter longer.
 */
export const DIRECTORIES_PER_PARENT = 2;

/** Of one section; a worker applies up to `OVERLAPPING_UNITS_PER_WORKER` sections of one directory at once. */
export const STAGING_DIRECTORIES = 4;

// Content in memory

/** Blocks of one file in flight: the read's round trip hides behind the writes of others. */
export const BLOCKS_PER_FILE = 4;

/**
 * Buffers of 1 MiB, and as many pairs of them. Those of 128 KiB are as many as `CALLS_PER_ISOLATE`: each call may fill
 * one. All together take 72 MiB an isolate at most, and only the pages that were ever touched.
 */
export const BUFFERS = 20;
/** Pairs of 128 KiB each, where two small files are compared. */
export const SMALL_BUFFER_PAIRS = CALLS_PER_ISOLATE / 4;

/** Records that wait to be written to each temporary file: a small run writes none. */
export const SPOOL_BUFFER_BYTES = 256 * 1024;

// File descriptors that this takes

/** Event loop, ring and plan files of an isolate, and what its first lane has open. */
export const DESCRIPTORS_PER_WORKER = 16;
/** A directory and a file of each side, twice: the next is opened while the last is still written. */
export const DESCRIPTORS_PER_LANE = 8;
/** What the main isolate opens meanwhile: plan, log, report, lock, history. */
export const DESCRIPTORS_BESIDE = 10;
/** With fewer not even one worker gets anywhere. */
export const LEAST_DESCRIPTORS = DESCRIPTORS_BESIDE + DESCRIPTORS_PER_WORKER;
/** With fewer, EMFILE has less be under way; with more, nothing counts what is. */
export const FEW_DESCRIPTORS = 4096;
