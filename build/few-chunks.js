/**
 * A rolldown plugin: packs the code that every run loads into one file per loading step. By default each
 * module that several commands share becomes its own file: 30 of them made a start 12 ms longer. rolldown's
 * own helpers are one more file.
 */

/**
 * @param steps lists of modules that every run loads, one list after another, each with all its imports; the
 * first is the entry
 */
export function fewChunks(steps) {
  const chunks = steps.map(() => new Set());
  const chunkOf = (id) => chunks.findIndex((chunk) => chunk.has(id));
  return {
    name: 'few-chunks',
    options: (options) => ({ ...options, preserveEntrySignatures: 'allow-extension' }),
    buildEnd() {
      for (const [index, step] of steps.entries()) {
        for (const id of importedBy(step, this)) if (chunkOf(id) < 0) chunks[index].add(id);
      }
    },
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: steps.slice(1).map((step, index) => ({
          name: /([^/]+)\.js$/.exec(step[0])[1],
          test: (id) => chunkOf(id) === index + 1,
        })),
      },
    }),
  };
}

/** The modules and everything they import, except dynamic imports. */
function importedBy(modules, graph) {
  const found = new Set(modules);
  for (const id of found) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
