/** The two mounts given to the NFS suite. */

export interface Mounts {
  readonly source: string;
  readonly destination: string;
}

export const HOW_TO_MOUNT = `
The NFS suite needs two directories on NFS mounts, which this user may write to:

    mount -t nfs -o vers=3 SERVER:/export /mnt/source
    mount -t nfs -o nfsvers=4.1 SERVER:/export /mnt/destination
    EFS_SYNC_TEST_NFS_SOURCE=/mnt/source EFS_SYNC_TEST_NFS_DESTINATION=/mnt/destination npm run test:nfs
`;

/** Whether `npm run test:nfs` is running and has provided them. */
export function areMountsUnderTest(): boolean {
  return process.env['EFS_SYNC_TEST_SOURCES'] !== undefined;
}

export function mountsUnderTest(): Mounts | undefined {
  const { EFS_SYNC_TEST_NFS_SOURCE: source, EFS_SYNC_TEST_NFS_DESTINATION: destination } = process.env;
  return source === undefined || destination === undefined ? undefined : { source, destination };
}
