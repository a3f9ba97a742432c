/** Where a call goes: the paths that its arguments lead to. */
import { constants, lstatSync, readlinkSync } from 'node:fs';
import { CALL_TABLE, type CallName } from '../../src/linux/call-table.ts';

/** The absolute path of each file that a call works on. */
export function targetsOf(call: string, args: readonly unknown[]): string[] {
  // A link's text is not a path of this call.
  if (call === 'symlinkat') return [within(args[1], args[2])];
  if (call === 'copy_file_range') return [pathOf(args[0]), pathOf(args[2])];
  if (!(call in CALL_TABLE)) return [pathOf(args[0])];
  const { parameters } = CALL_TABLE[call as CallName];
  const named = parameters.flatMap((parameter, index) =>
    parameter === 'name' && parameters[index - 1] === 'int' ? [within(args[index - 1], args[index])] : [],
  );
  return named.length > 0 ? named : [pathOf(args[0])];
}

/** Judges by the permissions of the link in /proc: reading fdinfo would add to the counted calls. */
export function isOpenForWriting(argument: unknown): boolean {
  if (typeof argument !== 'number' || argument < 0) return false;
  const link = lstatSync(`/proc/self/fd/${argument}`, { throwIfNoEntry: false });
  return link !== undefined && (link.mode & constants.S_IWUSR) !== 0;
}

function within(directoryFd: unknown, name: unknown): string {
  const text = nameOf(name);
  if (text.startsWith('/')) return resolved(text);
  const directory = pathOf(directoryFd);
  return text === '' || text === '.' ? directory : `${directory}/${text}`;
}

function pathOf(argument: unknown): string {
  return typeof argument === 'number' ? linkOf(`/proc/self/fd/${argument}`) : resolved(nameOf(argument));
}

/** Extended attributes are accessed through /proc. */
function resolved(path: string): string {
  const [, fd, rest] = /^\/proc\/self\/fd\/(\d+)(.*)$/.exec(path) ?? [];
  if (fd === undefined) return path;
  return `${linkOf(`/proc/self/fd/${fd}`)}${rest === '/.' ? '' : rest}`;
}

/** AT_FDCWD and closed descriptors have no link. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return path;
  }
}

/** Names are passed as bytes that end with NUL. */
function nameOf(argument: unknown): string {
  if (!(argument instanceof Uint8Array)) return String(argument);
  const bytes = Buffer.from(argument.buffer, argument.byteOffset, argument.length);
  return bytes.toString('latin1', 0, bytes.indexOf(0));
}
