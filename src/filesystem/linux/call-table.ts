/**
 * The libc functions and system calls the tool uses, and the shape of their arguments: one table, from
 * which both call styles and their types are made. Every call gives what the kernel gives: a result, or
 * -errno.
 */

/** `name`: a latin1 string, passed as its bytes; `buffer`: memory the call reads or writes. */
export type Parameter = 'int' | 'uint' | 'long' | 'name' | 'buffer';

export interface CallShape {
  readonly parameters: readonly Parameter[];
  /** Gives a 64-bit number; the others give an int. */
  readonly long?: true;
  /** Not in every libc: called by number, by architecture. */
  readonly number?: { readonly x64: number; readonly arm64: number };
}

export const CALL_TABLE = {
  open: { parameters: ['name', 'int', 'uint'] },
  openat: { parameters: ['int', 'name', 'int', 'uint'] },
  openat2: { parameters: ['int', 'name', 'buffer', 'long'], number: { x64: 437, arm64: 437 } },
  close: { parameters: ['int'] },
  dup3: { parameters: ['int', 'int', 'int'] },
  statx: { parameters: ['int', 'name', 'int', 'uint', 'buffer'], number: { x64: 332, arm64: 291 } },
  getdents64: { parameters: ['int', 'buffer', 'long'], number: { x64: 217, arm64: 61 } },
  pread: { parameters: ['int', 'buffer', 'long', 'long'], long: true },
  pwrite: { parameters: ['int', 'buffer', 'long', 'long'], long: true },
  lseek: { parameters: ['int', 'long', 'int'], long: true },
  ftruncate: { parameters: ['int', 'long'] },
  fallocate: { parameters: ['int', 'int', 'long', 'long'] },
  copy_file_range: {
    parameters: ['int', 'buffer', 'int', 'buffer', 'long', 'uint'],
    number: { x64: 326, arm64: 285 },
  },
  posix_fadvise: { parameters: ['int', 'long', 'long', 'int'], number: { x64: 221, arm64: 223 } },
  fsync: { parameters: ['int'] },
  sync_file_range: { parameters: ['int', 'long', 'long', 'uint'] },
  syncfs: { parameters: ['int'] },
  flock: { parameters: ['int', 'int'] },
  mkdirat: { parameters: ['int', 'name', 'uint'] },
  mknodat: { parameters: ['int', 'name', 'uint', 'long'], number: { x64: 259, arm64: 33 } },
  symlinkat: { parameters: ['name', 'int', 'name'] },
  readlinkat: { parameters: ['int', 'name', 'buffer', 'long'], long: true },
  linkat: { parameters: ['int', 'name', 'int', 'name', 'int'] },
  renameat: { parameters: ['int', 'name', 'int', 'name'] },
  unlinkat: { parameters: ['int', 'name', 'int'] },
  fchmod: { parameters: ['int', 'uint'] },
  /** The kernel's own call has no flags: it follows symbolic links. */
  fchmodat: { parameters: ['int', 'name', 'uint', 'int'] },
  fchown: { parameters: ['int', 'uint', 'uint'] },
  fchownat: { parameters: ['int', 'name', 'uint', 'uint', 'int'] },
  futimens: { parameters: ['int', 'buffer'] },
  utimensat: { parameters: ['int', 'name', 'buffer', 'int'] },
  getxattr: { parameters: ['name', 'name', 'buffer', 'long'], long: true },
  setxattr: { parameters: ['name', 'name', 'buffer', 'long', 'int'] },
  removexattr: { parameters: ['name', 'name'] },
  listxattr: { parameters: ['name', 'buffer', 'long'], long: true },
  geteuid: { parameters: [] },
  statfs: { parameters: ['name', 'buffer'] },
} as const satisfies Record<string, CallShape>;

export type CallName = keyof typeof CALL_TABLE;

type ArgumentFor<P extends Parameter> = P extends 'name'
  ? string
  : P extends 'buffer'
    ? Uint8Array | null
    : P extends 'long'
      ? number | bigint
      : number;

type ArgumentsFor<P extends readonly Parameter[]> = { -readonly [K in keyof P]: ArgumentFor<P[K]> };

/** A value now (blocking style) or later (pooled style); `await` takes both. */
export type Awaitable<T> = T | Promise<T>;

/** Blocking: 1 to 2 µs each, stops the isolate. Overlapping: on threads, libuv's or the kernel's. */
export type CallStyle = 'blocking' | 'overlapping';

export type Calls = {
  readonly [C in CallName]: (
    ...args: ArgumentsFor<(typeof CALL_TABLE)[C]['parameters']>
  ) => Awaitable<number>;
};

export type LocalCallName = 'close' | 'pwrite' | 'statx';

/** Every call in the style of one mount. */
export type Linux = Calls & {
  readonly style: CallStyle;
  /**
   * For what the client of a network file system mostly answers by itself: attributes that came with a
   * listing, a small write to its cache, the close of a file that was only read.
   */
  readonly local: Pick<Calls, LocalCallName>;
};

/** Kernel functions taken by number need their architecture's. */
export function numberFor(shape: CallShape): number | undefined {
  if (shape.number === undefined) return undefined;
  return process.arch === 'arm64' ? shape.number.arm64 : shape.number.x64;
}
