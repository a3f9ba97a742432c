/** `--chown=USER:GROUP`: names or numbers -> ids. */
import type { ByteString } from '../../model/byte-string.ts';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../model/run/errors.ts';
import type { Settings } from '../../model/settings.ts';
import { reasonOf } from '../../report/error-reason.ts';
import { displayName } from '../../model/display-name.ts';

/** The next id is -1, which chown(2) reads as "leave it". */
const MAX_ID = 4_294_967_294;

interface Database {
  readonly name: 'passwd' | 'group';
  readonly noun: 'user' | 'group';
  readonly file: ByteString;
}

const USERS: Database = { name: 'passwd', noun: 'user', file: '/etc/passwd' };
const GROUPS: Database = { name: 'group', noun: 'group', file: '/etc/group' };

/** As in rsync: either half may be empty, and a lone name is the user. */
export function resolveOwner(text: string): Settings['ownerOverride'] {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? '' : text.slice(colon + 1);
  if (user === '' && group === '') throw new UsageError('--chown: give a user, :group, or user:group');
  return Object.freeze({ uid: resolveId(USERS, user), gid: resolveId(GROUPS, group) });
}

function resolveId(database: Database, name: string): number | undefined {
  if (name === '') return undefined;
  if (/^\d+$/.test(name)) return checkedId(database, name);
  const line = findLine(readDatabase(database), name) ?? askNameService(database, name);
  const id = line?.split(':')[2];
  if (id !== undefined && /^\d+$/.test(id)) return checkedId(database, id);
  throw new UsageError(`--chown: there is no ${database.noun} named ${displayName(name)}`);
}

/** A container may have no such database. */
function readDatabase({ file }: Database): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw new UsageError(`--chown: cannot read ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function checkedId(database: Database, digits: string): number {
  const id = Number(digits);
  if (id <= MAX_ID) return id;
  throw new UsageError(`--chown: ${digits} is not a ${database.noun} id; the largest is ${MAX_ID}`);
}

/** Asks directory services through getent(1), if it exists. */
function askNameService(database: Database, name: string): string | undefined {
  const key = Buffer.from(name, 'latin1').toString('utf8');
  if (key.startsWith('-')) return undefined;
  const answer = spawnSync('getent', [database.name, key], { encoding: 'latin1', timeout: 10_000 });
  return answer.status === 0 ? findLine(answer.stdout, name) : undefined;
}

function findLine(text: string, name: string): string | undefined {
  return text.split('\n').find((line) => line.startsWith(`${name}:`));
}
