/** The mode a new entry is created with, so that it is never more open than it will be. */

/**
 * Final permissions at once save a chmod, one round trip a file over NFS. Set-id and sticky bits wait
 * until the owner is right. While the owner is still to change, whoever will be the owner or in the group
 * counts among the others, and who is in the wrong group among nobody: those get what all will have.
 */
export function creationMode(wantedMode: number, ownerWillChange: boolean): number {
  const permissions = wantedMode & 0o777;
  if (!ownerWillChange) return permissions;
  const all = (permissions >> 6) & (permissions >> 3) & permissions & 0o7;
  return (permissions & 0o700) | (all << 3) | all;
}
