/**
 * Builds the program from tsc's output: a few files instead of 200, and a second worker whose calls block.
 * PERF: a run of 200 files with nothing to do starts in 119 ms as CommonJS, in 133 as ES modules, which
 * Node resolves and reads asynchronously.
 */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { blocking } from './blocking.js';
import { fewChunks } from './few-chunks.js';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** The modules that each run loads, in this order. */
const EVERY_RUN = [
  ['cli/main.js'],
  ['cli/run-command.js'],
  ['sync.js', 'history/keep-execution.js', 'run/leave-process.js'],
].map((step) => step.map((path) => DIST + path));

const COMMONJS = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' };
const ES_MODULE = { format: 'esm' };

/**
 * PERF: a single character outside latin1 makes V8 store the whole text with two bytes per character: 2 ms of
 * a start.
 */
const asciiOnly = {
  name: 'ascii-only',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle).filter(({ type }) => type === 'chunk')) {
      chunk.code = chunk.code.replaceAll(/[^\0-\x7f]/g, escaped);
    }
  },
};

const programs = [
  // All other reporters and commands are loaded on demand.
  { input: { main: EVERY_RUN[0][0] }, output: COMMONJS, plugins: [fewChunks(EVERY_RUN)] },
  { input: { index: `${DIST}api/index.js` }, output: ES_MODULE },
  { input: { worker: `${DIST}run/worker.js` }, output: COMMONJS },
  { input: { flusher: `${DIST}filesystem/flush/flusher.js` }, output: COMMONJS },
  { input: { 'watchdog-thread': `${DIST}run/watchdog/watchdog-thread.js` }, output: COMMONJS },
  { input: { 'blocking-worker': `${DIST}run/worker.js` }, output: COMMONJS, plugins: [blocking()] },
];

for (const { input, output, plugins = [] } of programs) {
  // Packages are not bundled: each keeps its own licence, version and updates.
  const bundle = await rolldown({
    input,
    plugins: [...plugins, asciiOnly],
    platform: 'node',
    external: /^[^./]/,
  });
  // In the output, `import.meta.url` leads to the package and the workers just as in the source.
  await bundle.write({ dir: `${DIST}program`, sourcemap: true, comments: false, ...output });
}

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
