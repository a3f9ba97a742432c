#!/usr/bin/env node
// libuv reads the size of its thread pool once, before the first call that uses it: an ES module is itself
// read by that pool (Node 20), which would stay at 4 threads, so this file and the program are CommonJS.
process.env.UV_THREADPOOL_SIZE ||= '64';
void require('../dist/program/main.cjs');
