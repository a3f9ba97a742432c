/** A unix datagram socket, which Node lacks: sends messages to a service manager, sd_notify(3). */
import { loadLibrary } from '../../linux/library.ts';
import { check, EINVAL } from '../../linux/system-error.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDTIMEO = 21;
const MSG_NOSIGNAL = 0x4000;
const LONGEST_NAME = 108;
/** Longest wait for a slow reader. */
const WAIT_SEC = 1n;

/**
 * @param address a path, or `@` and a name in the abstract namespace. @throws SystemError, and so does
 * sending
 */
export function openDatagramSocket(address: string): (message: string) => void {
  const { declare, errno } = loadLibrary();
  const socket = declare('socket', 'int', ['int', 'int', 'int']);
  const setsockopt = declare('setsockopt', 'int', ['int', 'int', 'int', 'const void *', 'uint']);
  const sendto = declare('sendto', 'int64_t', [
    ...['int', 'const void *', 'int64_t', 'int'],
    ...['const void *', 'uint'],
  ]);
  const result = (returned: unknown): number => ((returned as number) < 0 ? -errno() : (returned as number));

  const target = socketAddress(address);
  const fd = check(result(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)), 'socket', address);
  const timeout = Buffer.from(new BigInt64Array([WAIT_SEC, 0n]).buffer);
  check(result(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, timeout, timeout.length)), 'setsockopt', address);
  return (message) => {
    const bytes = Buffer.from(message);
    const sent = result(sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, target, target.length));
    check(sent, 'sendto', address);
  };
}

/** sockaddr_un: unix(7). */
function socketAddress(address: string): Buffer {
  const name = address.startsWith('@') ? `\0${address.slice(1)}` : `${address}\0`;
  const isUsable = address.startsWith('@') || address.startsWith('/');
  if (!isUsable || Buffer.byteLength(name) > LONGEST_NAME) check(-EINVAL, 'sendto', address);
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, Buffer.from(name)]);
}
