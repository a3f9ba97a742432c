/** Tells Amazon EFS from other NFS servers by its mount. */
import type { Mount } from '../model/location.ts';

/** What its server is called, in every partition: `fs-0123.efs.eu-west-1.amazonaws.com`. */
const EFS_HOST = /(?:^|\.)fs-[0-9a-f]+\.efs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const NFS_PORT = '2049';

/** Mounted by its name, or through the proxy of efs-utils: a mount by the address of its server does not tell. */
export function isElasticFileSystem(mount: Mount | undefined): boolean {
  if (mount?.fileSystemType !== 'nfs4') return false;
  const host = mount.source.slice(0, mount.source.indexOf(':/'));
  return EFS_HOST.test(host) || (LOOPBACK.has(host) && isProxyPort(mount.superOptions));
}

/** The proxy listens beside the port of NFS, where a server of this machine would. */
function isProxyPort(options: readonly string[]): boolean {
  const port = options.find((option) => option.startsWith('port='))?.slice('port='.length);
  return port !== undefined && port !== NFS_PORT;
}
