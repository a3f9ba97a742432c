/**
 * `npm run package`: builds a .deb, an .rpm and a .tar.gz for each processor into `packages`, or the directory given. Each has
 * its own Node. The same checkout gives the same bytes. Needs dpkg-deb, rpmbuild and tar.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildDeb, buildRpm, buildTar } from './formats.js';
import { stage } from './stage.js';
import { output } from './tools.js';

/** A version that npm has for both processors. It needs glibc 2.28. */
const NODE_VERSION = '24.22.1';
const ARCHITECTURES = [
  {
    node: 'x64',
    deb: 'amd64',
    rpm: 'x86_64',
    nodeIntegrity:
      'sha512-ogMoFZRQLCX7VpzQAtfs7q0DVFa7D79LKhmttHZNGJrz0Yp5/LtU0MISM7gvThSo6AbVelac9uVu9Jfm1464ow==',
  },
  {
    node: 'arm64',
    deb: 'arm64',
    rpm: 'aarch64',
    nodeIntegrity:
      'sha512-1uD+Qvcu14ZJ6JVhsAiOeAiCQI0Nnu+y60VJnwhq8nGr+1l7XKFnNlZ42f619d+h5UzRQtO3pwpBEM2FYR/83Q==',
  },
];

const target = resolve(process.argv[2] ?? 'packages');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? output('git', ['log', '-1', '--format=%ct']));
if (!Number.isSafeInteger(seconds)) throw new Error('SOURCE_DATE_EPOCH must be a number of seconds');
process.env.SOURCE_DATE_EPOCH = String(seconds);
process.umask(0o022);
mkdirSync(target, { recursive: true });

for (const architecture of ARCHITECTURES) {
  const work = mkdtempSync(join(tmpdir(), 'efs-sync-package-'));
  try {
    const root = join(work, 'root');
    stage(root, work, architecture, NODE_VERSION);
    const built = { root, work, target, version, seconds, architecture };
    buildTar(built);
    buildDeb(built);
    buildRpm(built);
  } finally {
    rmSync(work, { recursive: true });
  }
}
