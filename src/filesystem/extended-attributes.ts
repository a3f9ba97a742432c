/**
 * Reads and writes extended attributes and POSIX ACLs of any kind of entry that is open: by its entry under
 * /proc, which leads to the very inode, a symbolic link's too, where f*xattr(2) refuse O_PATH descriptors.
 */
import { isPrivileged } from '../model/privileged-attributes.ts';
import type { Linux } from './linux/call-table.ts';
import { check, ENODATA, EOPNOTSUPP } from './linux/system-error.ts';
import { withSmallBuffer } from './buffer-pool.ts';

/** What is open, be it with O_PATH: attributes never go to what has taken its name since. */
export interface AttributeTarget {
  readonly linux: Linux;
  readonly fd: number;
  /** For messages. */
  readonly path: string;
}

export interface AttributeChoice {
  readonly xattr: boolean;
  readonly acl: boolean;
}

export interface AttributeGrant extends AttributeChoice {
  /** Whether privileged attributes may be set, and not only removed. */
  readonly mayGrant: boolean;
}

/** By attribute name, latin1. */
export type ExtendedAttributes = ReadonlyMap<string, Buffer>;

const ACLS: ReadonlySet<string> = new Set(['system.posix_acl_access', 'system.posix_acl_default']);
/** XATTR_LIST_MAX and XATTR_SIZE_MAX: no list of names and no value is longer. */
const MAX_SIZE_BYTES = 64 * 1024;

let isRoot: boolean | undefined;

/** None where the file system has no such attributes. @throws SystemError */
export async function readExtendedAttributes(
  at: AttributeTarget,
  which: AttributeChoice,
): Promise<ExtendedAttributes> {
  const attributes = new Map<string, Buffer>();
  if (!which.xattr && !which.acl) return attributes;
  const path = procPath(at);
  isRoot ??= (await at.linux.geteuid()) === 0;
  return withSmallBuffer(async (buffer) => {
    for (const name of await listNames(at, buffer)) {
      if (!isChosen(name, which)) continue;
      const length = await at.linux.getxattr(path, name, buffer, MAX_SIZE_BYTES);
      // Removed since it was listed, or listed by a server that does not give it out.
      if (length === -ENODATA || length === -EOPNOTSUPP) continue;
      check(length, `getxattr ${name}`, at.path);
      attributes.set(name, Buffer.from(buffer.subarray(0, length)));
    }
    return attributes;
  });
}

/** Of all kinds. None where the file system has no such attributes. @throws SystemError */
export async function listAttributeNames(at: AttributeTarget): Promise<string[]> {
  return withSmallBuffer((buffer) => listNames(at, buffer));
}

async function listNames(at: AttributeTarget, buffer: Buffer): Promise<string[]> {
  const listed = await at.linux.listxattr(procPath(at), buffer, MAX_SIZE_BYTES);
  if (listed === 0 || listed === -EOPNOTSUPP) return [];
  return buffer.toString('latin1', 0, check(listed, 'listxattr', at.path) - 1).split('\0');
}

/**
 * Sets what differs and removes what is not wanted, of the kinds chosen. Its place is after chown(2),
 * which drops capabilities, and before chmod(2), as an ACL changes the group's permissions. Gives the name
 * of an attribute that differs and may not be granted.
 * @throws SystemError
 */
export async function writeExtendedAttributes(
  at: AttributeTarget,
  wanted: ExtendedAttributes,
  which: AttributeGrant,
): Promise<string | undefined> {
  const path = procPath(at);
  const current = await readExtendedAttributes(at, which);
  // Removals first: ext4 keeps all attributes of an entry in one block.
  for (const name of current.keys()) {
    if (wanted.has(name)) continue;
    const result = await at.linux.removexattr(path, name);
    if (result !== -ENODATA) check(result, `removexattr ${name}`, at.path);
  }
  let withheld: string | undefined;
  for (const [name, value] of wanted) {
    if (!isChosen(name, which) || current.get(name)?.equals(value)) continue;
    if (!which.mayGrant && isPrivileged(name)) {
      withheld = name;
      continue;
    }
    const result = await at.linux.setxattr(path, name, value, value.length, 0);
    check(result, `setxattr ${name}`, at.path);
  }
  return withheld;
}

export function sameExtendedAttributes(first: ExtendedAttributes, second: ExtendedAttributes): boolean {
  if (first.size !== second.size) return false;
  return Array.from(first).every(([name, value]) => second.get(name)?.equals(value));
}

/** As rsync: root copies every namespace but `system`, others only `user`; ACLs are a choice of their own. */
function isChosen(name: string, which: AttributeChoice): boolean {
  if (ACLS.has(name)) return which.acl;
  return which.xattr && (isRoot === true ? !name.startsWith('system.') : name.startsWith('user.'));
}

function procPath(at: AttributeTarget): string {
  return `/proc/self/fd/${at.fd}`;
}
