// No package registry has a Node built with musl to run. What can be proven: every function the tool
// takes from libc by name is in musl, and koffi ships its build for it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import koffi from 'koffi';
import { CALL_TABLE } from '../dist/linux/call-table.js';

const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const musl = koffi.load(`/lib/ld-musl-${machine}.so.1`);
const byName = Object.entries(CALL_TABLE).filter(([, shape]) => shape.number === undefined);
const names = [...byName.map(([name]) => name), 'syscall', 'strerror'];
for (const name of names) musl.func(name, 'int', []);

const packaged = createRequire(import.meta.resolve('koffi')).resolve(`@koromix/koffi-linux-${process.arch}`);
const build = new URL(`musl_${process.arch}/koffi.node`, `file://${packaged}`);
if (!existsSync(build)) throw new Error(`koffi has no build for musl: ${build.pathname}`);
console.log(`musl exports all ${names.length} functions; koffi has ${build.pathname}`);
