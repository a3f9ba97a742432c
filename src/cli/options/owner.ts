/** `--chown=USER:GROUP`: names or numbers -> ids; and the databases that know the names. */
import type { ByteString } from '../../model/byte-string.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../../model/run/errors.ts';
import type { Settings } from '../../model/settings.ts';
import { reasonOf } from '../../report/error-reason.ts';
import { displayName } from '../../model/display-name.ts';

/** The next id is -1, which chown(2) reads as "leave it". */
const MAX_ID = 4_294_967_294;

export interface Database {
  readonly name: 'passwd' | 'group';
  readonly noun: 'user' | 'group';
  readonly file: ByteString;
}

export const USERS: Database = { name: 'passwd', noun: 'user', file: '/etc/passwd' };
export const GROUPS: Database = { name: 'group', noun: 'group', file: '/etc/group' };

/** As in rsync: either half may be empty, and a lone name is the user. */
export function resolveOwner(text: string): Settings['ownerOverride'] {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? '' : text.slice(colon + 1);
  if (user === '' && group === '') throw new UsageError('--chown: give a user, :group, or user:group');
  return Object.freeze({ uid: givenId(USERS, user), gid: givenId(GROUPS, group) });
}

function givenId(database: Database, name: string): number | undefined {
  return name === '' ? undefined : resolveId(database, name, '--chown');
}

/** @throws UsageError */
export function resolveId(database: Database, name: string, option: string): number {
  if (/^\d+$/.test(name)) return checkedId(database, name, option);
  const line = findLine(readDatabase(database, option), name) ?? askNameService(database, name);
  const id = line?.split(':')[2];
  if (id !== undefined && /^\d+$/.test(id)) return checkedId(database, id, option);
  throw new UsageError(`${option}: there is no ${database.noun} named ${displayName(name)}`);
}

/** A container may have no such database. */
function readDatabase({ file }: Database, option: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function checkedId(database: Database, digits: string, option: string): number {
  const id = Number(digits);
  if (id <= MAX_ID) return id;
  throw new UsageError(`${option}: ${digits} is not a ${database.noun} id; the largest is ${MAX_ID}`);
}

/** Asks directory services through getent(1), if it exists. */
function askNameService(database: Database, name: string): string | undefined {
  const key = Buffer.from(name, 'latin1').toString('utf8');
  if (key.startsWith('-')) return undefined;
  const answer = spawnSync('getent', [database.name, key], { encoding: 'latin1', timeout: 10_000 });
  return answer.status === 0 ? findLine(answer.stdout, name) : undefined;
}

/** Each name with its id. @throws UsageError: there may be names that nothing lists */
export function listNames(database: Database, option: string): { name: string; id: number }[] {
  const service = unlistedService(database);
  if (service !== undefined) {
    throw new UsageError(
      `${option}: ${database.noun}s also come from '${service}' (/etc/nsswitch.conf), which may not list them all: map names and ids, not wildcards or ids without a name`,
    );
  }
  const listed = spawnSync('getent', [database.name], { encoding: 'latin1', timeout: 10_000 });
  const lines = `${readDatabase(database, option)}\n${listed.status === 0 ? listed.stdout : ''}`.split('\n');
  return lines.flatMap((line) => {
    const [name = '', , id = ''] = line.split(':');
    return /^\d+$/.test(id) ? [{ name, id: Number(id) }] : [];
  });
}

const SERVICES_THAT_LIST = new Set(['files', 'compat', 'db', 'systemd', 'altfiles', '[NOTFOUND=return]']);

/** Directory services answer for a name, but list few or none. */
function unlistedService({ name }: Database): string | undefined {
  if (!existsSync('/etc/nsswitch.conf')) return undefined;
  const text = readFileSync('/etc/nsswitch.conf', 'latin1');
  const services = new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1]?.replace(/#.*/, '').trim() ?? '';
  return services.split(/\s+/).find((service) => service !== '' && !SERVICES_THAT_LIST.has(service));
}

function findLine(text: string, name: string): string | undefined {
  return text.split('\n').find((line) => line.startsWith(`${name}:`));
}
