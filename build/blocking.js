/**
 * A rolldown plugin: the same code without async and await. A worker whose calls all block never waits,
 * yet each await of a plain value costs a turn of the microtask queue: 100,000 small files took 2.65 s
 * with them and 2.27 s without. What must wait has a twin, `x.blocking.js` beside `x.js`; anything else
 * that handles a promise stops the build.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';

/** Between units of work, and while a worker starts, it waits as any other. */
const WAITING = ['phases/worker.js', 'phases/load-digests.js', 'flow/unit-server.js', 'filesystem/xxhash.js'];

export function blocking() {
  return {
    name: 'blocking',
    resolveId: {
      order: 'pre',
      async handler(specifier, importer) {
        if (!specifier.startsWith('.') || importer === undefined) return undefined;
        const resolved = await this.resolve(specifier, importer, { skipSelf: true });
        const twin = resolved?.id.replace(/\.js$/, '.blocking.js');
        return twin !== undefined && existsSync(twin) ? twin : resolved;
      },
    },
    transform(code, id) {
      if (WAITING.some((path) => id.endsWith(`/dist/${path}`))) return undefined;
      const edits = [...withoutWaiting(this.parse(code), code, relative('.', id))];
      return { code: cut(code, edits), map: null };
    },
  };
}

function cut(code, edits) {
  let text = '';
  let position = 0;
  for (const { start, end } of edits.toSorted((one, other) => one.start - other.start)) {
    text += code.slice(position, start);
    position = end;
  }
  return text + code.slice(position);
}

/** Where the words to leave out are. @throws Error at a promise that is not simply awaited */
function* withoutWaiting(node, code, file) {
  const why = handlesPromise(node);
  if (why !== undefined) throw new Error(`${file}: ${why} cannot block: ${code.slice(node.start, node.end)}`);
  if (node.type === 'AwaitExpression' || node.await === true) yield wordIn(code, 'await ', node);
  else if (node.async === true || (isMethod(node) && node.value.async)) yield wordIn(code, 'async ', node);
  for (const child of childrenOf(node)) {
    // A method's function has no word of its own.
    const parts = isMethod(node) && child === node.value ? childrenOf(child) : [child];
    for (const part of parts) yield* withoutWaiting(part, code, file);
  }
}

function isMethod({ type, method }) {
  return type === 'MethodDefinition' || (type === 'Property' && method);
}

function wordIn(code, word, { start }) {
  const at = code.indexOf(word, start);
  return { start: at, end: at + word.length };
}

function handlesPromise(node) {
  if (node.type === 'ImportExpression') return 'import()';
  if (node.type === 'Identifier' && node.name === 'Promise') return 'a Promise';
  const method = node.type === 'MemberExpression' && !node.computed ? node.property.name : undefined;
  return ['then', 'catch', 'finally'].includes(method) ? `.${method}` : undefined;
}

function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((value) => typeof value?.type === 'string');
}
