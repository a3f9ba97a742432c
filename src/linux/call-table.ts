/**
 * The libc functions and system calls that the tool uses, and the types of their arguments. Both call styles
 * and their types come from this one table. Every call returns the kernel's result, or -errno.
 */
import type { ByteString } from '../model/byte-string.ts';

/** `name`: a latin1 string, passed as its bytes; `buffer`: memory the call reads or writes. */
export type Parameter = 'int' | 'uint' | 'long' | 'name' | 'buffer';

export interface CallShape {
  readonly parameters: readonly Parameter[];
  /** Returns a 64-bit number; the other calls return an int. */
  readonly long?: true;
  /** Some libcs lack these calls, so they are made by number, which differs by architecture. */
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

/** A value (blocking style) or a promise of it (overlapping style); `await` takes both. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Blocking calls take 1 to 2 µs each and stop the isolate. Overlapping calls run on threads of libuv or the
 * kernel.
 */
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
   * Calls that an NFS client mostly answers without the server: attributes that came with a listing, a small
   * write to its cache, the close of a file that was only read.
   */
  readonly local: Pick<Calls, LocalCallName>;
};

export type Argument = string | number | bigint | Uint8Array | null | undefined;

/** A bound call, with as many parameters as the longest one. Returns a result or -errno. */
export type Call = (
  a: Argument,
  b?: Argument,
  c?: Argument,
  d?: Argument,
  e?: Argument,
  f?: Argument,
) => number | Promise<number>;

/** latin1 is one byte a character: exactly the bytes of the name. */
export function encodeName(name: ByteString): Buffer {
  return Buffer.from(`${name}\0`, 'latin1');
}

/** Calls made by number need the number of this architecture. */
export function numberFor(shape: CallShape): number | undefined {
  if (shape.number === undefined) return undefined;
  return process.arch === 'arm64' ? shape.number.arm64 : shape.number.x64;
}
