#!/usr/bin/env node
// libuv reads the size of its thread pool once, before the first call that uses it.
process.env.UV_THREADPOOL_SIZE ||= '64';
await import('../dist/program/main.js');
