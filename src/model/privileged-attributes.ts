/** Extended attributes that only the privileged may set, so that the kernel and others take them at their word. */

const PRIVILEGED = ['security.', 'trusted.'];

/** Capabilities, labels, signatures: whoever trusts such an attribute trusts the content of its file. */
export function isPrivileged(attribute: string): boolean {
  return PRIVILEGED.some((namespace) => attribute.startsWith(namespace));
}

const GIVING_RIGHTS: ReadonlySet<string> = new Set(['security.capability', 'security.SMACK64EXEC']);

/** Whoever runs the file gets rights by it, as by set-id bits. */
export function givesRights(attribute: string): boolean {
  return GIVING_RIGHTS.has(attribute);
}
