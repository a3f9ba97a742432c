/** What the command line tells a service manager by. */
export { openDatagramSocket } from '../filesystem/datagram-socket.ts';
