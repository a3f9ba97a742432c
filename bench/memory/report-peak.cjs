/**
 * Loaded into the process that is measured (node --require): its last line on standard error is the most
 * memory it has had, in KiB. Not getrusage's, which begins with that of the process it was forked from.
 */
const { readFileSync, writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => {
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'));
    writeSync(2, `\n${peak}\n`);
  });
}
