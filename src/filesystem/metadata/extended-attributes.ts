/**
 * Reads and writes extended attributes and POSIX ACLs of any kind of open entry, through its name under
 * /proc. That name leads to the same inode, even of a symbolic link; f*xattr(2) refuse O_PATH descriptors.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Linux } from '../../linux/call-table.ts';
import { check, ENODATA, EOPNOTSUPP } from '../../linux/system-error.ts';
import { withSmallBuffer } from '../buffer-pool.ts';

/** An open entry, also by O_PATH: attributes never go to another entry that has taken its name since. */
export interface AttributeTarget {
  readonly linux: Linux;
  readonly fd: number;
  /** For messages. */
  readonly path: ByteString;
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
/** XATTR_LIST_MAX and XATTR_SIZE_MAX: the longest list of names, and the longest value. */
const MAX_SIZE_BYTES = 64 * 1024;

let isRoot: boolean | undefined;

/** Empty if the file system has no such attributes. @throws SystemError */
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
      // Removed since it was listed, or the server lists it but refuses its value.
      if (length === -ENODATA || length === -EOPNOTSUPP) continue;
      check(length, `getxattr ${name}`, at.path);
      attributes.set(name, Buffer.from(buffer.subarray(0, length)));
    }
    return attributes;
  });
}

/** Names of all kinds. Empty if the file system has none. @throws SystemError */
export async function listAttributeNames(at: AttributeTarget): Promise<ByteString[]> {
  return withSmallBuffer((buffer) => listNames(at, buffer));
}

async function listNames(at: AttributeTarget, buffer: Buffer): Promise<ByteString[]> {
  const listed = await at.linux.listxattr(procPath(at), buffer, MAX_SIZE_BYTES);
  if (listed === 0 || listed === -EOPNOTSUPP) return [];
  return buffer.toString('latin1', 0, check(listed, 'listxattr', at.path) - 1).split('\0');
}

/**
 * Sets attributes that differ and removes unwanted ones, of the chosen kinds. Call it after chown(2), which
 * drops capabilities, and before chmod(2), as an ACL changes the group's permissions. Gives the name of an
 * attribute that differs and may not be granted.
 * @throws SystemError
 */
export async function writeExtendedAttributes(
  at: AttributeTarget,
  wanted: ExtendedAttributes,
  which: AttributeGrant,
): Promise<string | undefined> {
  const path = procPath(at);
  const current = await readExtendedAttributes(at, which);
  // Remove first: ext4 keeps all attributes of an entry in one block.
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

/** Only privileged processes may set these attributes, so the kernel and others trust them. */
const PRIVILEGED = ['security.', 'trusted.'];

/** Capabilities, labels, signatures: whoever trusts such an attribute also trusts the file's content. */
export function isPrivileged(attribute: string): boolean {
  return PRIVILEGED.some((namespace) => attribute.startsWith(namespace));
}

const GIVING_RIGHTS: ReadonlySet<string> = new Set(['security.capability', 'security.SMACK64EXEC']);

/** Running the file grants rights, as with set-id bits. */
export function givesRights(attribute: string): boolean {
  return GIVING_RIGHTS.has(attribute);
}

/** As rsync: root copies every namespace but `system`, others only `user`. ACLs have their own option. */
function isChosen(name: ByteString, which: AttributeChoice): boolean {
  if (ACLS.has(name)) return which.acl;
  return which.xattr && (isRoot === true ? !name.startsWith('system.') : name.startsWith('user.'));
}

function procPath(at: AttributeTarget): ByteString {
  return `/proc/self/fd/${at.fd}`;
}
