/**
 * Builds the program with a crew of child processes (`process-crew.ts`) in place of the threads, into
 * `dist/processes`: `EFS_SYNC_TEST_CLI=dist/processes/bin/efs-sync.js`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = `${ROOT}dist/processes`;

const withProcessCrew = {
  name: 'process-crew',
  resolveId: (source) =>
    source.endsWith('/create-crew.ts') ? `${ROOT}test/processes/process-crew.ts` : null,
};

const PROGRAMS = {
  main: 'src/cli/main.ts',
  'unit-process': 'test/processes/unit-process.ts',
  flusher: 'src/filesystem/flush/flusher.ts',
  'watchdog-thread': 'src/run/watchdog/watchdog-thread.ts',
};

for (const [name, path] of Object.entries(PROGRAMS)) {
  const bundle = await rolldown({
    input: { [name]: ROOT + path },
    plugins: [withProcessCrew],
    platform: 'node',
    external: /^[^./]/,
  });
  await bundle.write({
    dir: OUT,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: `${name}-[hash].cjs`,
  });
}

mkdirSync(`${OUT}/bin`, { recursive: true });
const bin = readFileSync(`${ROOT}bin/efs-sync.js`, 'utf8');
writeFileSync(`${OUT}/bin/efs-sync.js`, bin.replace('../dist/program/main.cjs', '../main.cjs'), {
  mode: 0o755,
});
writeFileSync(`${OUT}/bin/package.json`, readFileSync(`${ROOT}bin/package.json`));
