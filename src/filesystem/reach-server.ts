/** Whether a file server can be reached at all: a connection to its NFS port, closed at once. */
import { connect } from 'node:net';

const NFS_PORT = 2049;
const PATIENCE_MS = 3000;

/** In words, why not; undefined: it answers. */
export async function reachServer(host: string, port = NFS_PORT): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const end = (failure: string | undefined): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${PATIENCE_MS / 1000} s`));
    socket.once('error', (error) => end(error.message));
  });
}
