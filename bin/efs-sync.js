#!/bin/sh
':' //; trap '' USR1 USR2; case $NODE_OPTIONS in *--inspect*) unset NODE_OPTIONS ;; esac
':' //; exec node --inspect-port=0.0.0.1:9229 "$0" "$@"
// The shell reads the lines above, JavaScript only ':'. SIGUSR1 makes Node listen for debuggers, and any user of the
// machine may then run code as this one. Node does so before it runs a line of ours: the address cannot be had, and
// the signal is ignored until Node is up. `env -S` would do without a shell, but BusyBox has none.
process.on('SIGUSR1', () => undefined);
process.on('SIGUSR2', () => undefined);
if (!process.execArgv.some((argument) => argument.startsWith('--inspect'))) refuseDebuggers();

/**
 * For `node efs-sync.js` and what NODE_OPTIONS asks for. A signal that came before the handlers opens the port a
 * moment later, in a thread of Node's own, so this looks again.
 */
function refuseDebuggers() {
  const inspector = require('node:inspector');
  const close = () => {
    if (inspector.url() !== undefined) inspector.close();
  };
  close();
  for (const delayMs of [0, 20, 100, 500, 2000]) setTimeout(close, delayMs).unref();
}

// libuv reads the size of its thread pool once, before the first call that uses it: an ES module is itself
// read by that pool (Node 20), which would stay at 4 threads, so this file and the program are CommonJS. The number is
// POOL_THREADS of src/model/concurrency.ts.
process.env.UV_THREADPOOL_SIZE ||= '64';
void require('../dist/program/main.cjs');
