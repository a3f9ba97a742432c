/** The mode a new entry is created with, so that it is never more open than it will be. */

const GROUP_SHIFT = 3;

/**
 * Final permissions at once save a chmod, one round trip a file over NFS. Set-id and sticky bits wait
 * until the owner is right. While the owner is still to change, the wrong group gets no more than others.
 */
export function creationMode(wantedMode: number, ownerWillChange: boolean): number {
  const permissions = wantedMode & 0o777;
  if (!ownerWillChange) return permissions;
  const group = (permissions >> GROUP_SHIFT) & permissions & 0o7;
  return (permissions & 0o707) | (group << GROUP_SHIFT);
}
