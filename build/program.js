/**
 * Makes the program of what tsc compiled: a few files instead of 200, and a second worker that blocks.
 * PERF: a run of 200 files with nothing to do starts in 119 ms as CommonJS, in 133 as ES modules, which Node
 * resolves and reads asynchronously.
 */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { blocking } from './blocking.js';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const COMMONJS = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' };
const ES_MODULE = { format: 'esm' };

/** PERF: one character that is not latin1 makes V8 hold all of the text in two bytes each: 2 ms of a start. */
const asciiOnly = {
  name: 'ascii-only',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle).filter(({ type }) => type === 'chunk')) {
      chunk.code = chunk.code.replaceAll(/[^\0-\x7f]/g, escaped);
    }
  },
};

const programs = [
  // main loads a reporter or a command only when it is asked for.
  { input: { main: `${DIST}cli/main.js` }, output: COMMONJS },
  { input: { index: `${DIST}index.js` }, output: ES_MODULE },
  { input: { worker: `${DIST}phases/worker.js` }, output: COMMONJS },
  { input: { flusher: `${DIST}filesystem/flusher.js` }, output: COMMONJS },
  { input: { 'watchdog-thread': `${DIST}phases/watchdog-thread.js` }, output: COMMONJS },
  { input: { 'blocking-worker': `${DIST}phases/worker.js` }, output: COMMONJS, plugins: [blocking()] },
];

for (const { input, output, plugins = [] } of programs) {
  // Packages stay packages: they are licensed, versioned and updated as such.
  const bundle = await rolldown({
    input,
    plugins: [...plugins, asciiOnly],
    platform: 'node',
    external: /^[^./]/,
  });
  // `import.meta.url` leads to the package and to the workers from here as it does from the source.
  await bundle.write({ dir: `${DIST}program`, sourcemap: true, comments: false, ...output });
}

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
