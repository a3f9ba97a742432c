/**
 * Why a root cannot be used that does not exist: it belongs to another world, the shell left it as it was,
 * or something else was meant. Asked only after it could not be opened, so any name that exists works.
 */
import { posix } from 'node:path';
import { displayName, utf8Bytes } from '../model/display-name.ts';
import { LocationError } from '../model/run/errors.ts';
import type { Side } from '../model/task.ts';
import type { Check, UnopenedRoot } from '../model/preflight-results.ts';
import type { CommandLine } from './options/options.ts';
import { meantCommand } from './options/guessed-command.ts';
import { shellWord } from '../report/command-name.ts';

type Line = Pick<CommandLine, 'source' | 'destination' | 'options' | 'task'> & {
  readonly command: CommandLine['command'] | 'preflight';
};

/** Adds the explanation to the error; other errors stay as they are. */
export function explainRoot(error: unknown, line: Line): unknown {
  if (!(error instanceof LocationError)) return error;
  const hint = hintFor(error, line);
  if (hint === undefined) return error;
  const { message, code, path, syscall, side } = error;
  return new LocationError(`${message}; ${displayName(hint)}`, {
    cause: error,
    side,
    ...(code !== undefined && { code }),
    ...(path !== undefined && { path }),
    ...(syscall !== undefined && { syscall }),
  });
}

/** The same for a check of preflight. */
export function explainCheck(check: Check, line: Line): Check {
  const hint = check.unopened === undefined ? undefined : hintFor(check.unopened, line);
  return hint === undefined ? check : { ...check, cure: displayName(hint) };
}

/** Latin1, as operands are. */
function hintFor({ side, path: unopened, code }: UnopenedRoot, line: Line): string | undefined {
  if (side === undefined || (code !== 'ENOENT' && code !== 'ENOTDIR')) return undefined;
  const path = line[side];
  // Not the operand itself but a snapshot in it.
  if (path !== unopened) return undefined;
  return (
    remoteHint(path) ??
    shellHint(path) ??
    patternHint(side, line) ??
    (side === 'source' ? commandHint(line) : undefined) ??
    (code === 'ENOENT' ? missingHint(side, line) : undefined)
  );
}

function remoteHint(path: string): string | undefined {
  const url = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<host>[^/]*)(?<rest>.*)$/i.exec(path)?.groups;
  if (url !== undefined) return urlHint(url['scheme'] ?? '', url['host'] ?? '', url['rest'] ?? '');
  const efs = /^(fs-[0-9a-f]+)(\.efs\.[^/:]*)?:(.*)$/.exec(path);
  if (efs !== null) return mountHint(`mount -t efs ${efs[1]}:${efs[3] || '/'}`, 'efs');
  // As in rsync, a colon before any slash separates a machine from a path. An IPv6 address is in brackets.
  const remote = /^(?<user>[^/:@]+@)?(?<host>\[[^\]/]+\]|[^/:]+):(?<rest>.*)$/.exec(path)?.groups;
  if (remote === undefined) return undefined;
  const { user, host = '', rest = '' } = remote;
  if (rest.startsWith(':'))
    return `it is an rsync daemon's module; ${mountHint(`mount -t nfs ${host}:/PATH`, host)}`;
  const shown = rest.startsWith('/') ? rest : `/PATH`;
  if (user !== undefined) return mountHint(`sshfs ${user}${host}:${rest}`, host);
  return mountHint(`mount -t nfs ${host}:${shown}`, host);
}

function mountHint(command: string, name: string): string {
  const directory = `/mnt/${name.replaceAll(/[^\w.-]/g, '') || 'source'}`;
  return `efs-sync copies between mounted directories: mount it first (${command} ${directory}), and give ${directory}`;
}

function urlHint(scheme: string, host: string, rest: string): string {
  if (scheme === 's3') return 'efs-sync copies between mounted directories: use aws s3 sync for buckets';
  if (scheme === 'file') return `give the path alone: ${shellWord(rest)}`;
  return mountHint(`mount -t nfs ${host}:${scheme === 'nfs' ? rest || '/' : '/PATH'}`, host);
}

/** What a shell would have expanded outside of quotes; in a task file nothing does. */
function shellHint(path: string): string | undefined {
  const [, name] = /^(~[^/]*|\$\{?\w+\}?)(?=\/|$)/.exec(path) ?? [];
  if (name === undefined) return undefined;
  const home = utf8Bytes(process.env['HOME'] ?? '');
  const isHome = name === '~' || name === '$HOME' || name === '${HOME}';
  const full = isHome && home.startsWith('/') ? posix.join(home, path.slice(name.length)) : undefined;
  return `no shell expanded ${name}: give the full path${full === undefined ? '' : ` ${shellWord(full)}`}`;
}

function patternHint(side: Side, line: Line): string | undefined {
  const path = line[side];
  if (!/[*?[]/.test(path)) return undefined;
  const fixed = path.split('/');
  const directory =
    fixed
      .slice(
        0,
        fixed.findIndex((name) => /[*?[]/.test(name)),
      )
      .join('/') || (path.startsWith('/') ? '/' : '.');
  const roots = { ...line, [side]: directory };
  const typed = `efs-sync ${shellWord(roots.source)} ${shellWord(roots.destination)}`;
  return `no shell expanded the pattern: give the directory, not its contents: type ${typed}`;
}

function commandHint({ source, destination, options, task }: Line): string | undefined {
  if (task !== undefined) return undefined;
  if (/^\d+$/.test(source) && options.wait === Infinity)
    return `--wait takes its value attached: type --wait=${source}`;
  const meant = meantCommand(source, [destination]);
  return meant === undefined ? undefined : `there is no command ${source} either: perhaps you meant ${meant}`;
}

function missingHint(side: Side, { command, destination }: Line): string | undefined {
  if (side === 'source') return undefined;
  if (command === 'sync') {
    return 'the directory above is missing too: if it should be a mount, mount it; --mkpath makes both';
  }
  const make = `mkdir -p ${shellWord(destination)}`;
  return `${command} does not make it: if it should be a mount, mount it, else type ${make}`;
}
