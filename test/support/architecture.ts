/** The rules that hold the layers apart. Each names what breaks it: `src/policy/a.ts: imports filesystem`. */
import { findCycles } from './find-cycles.ts';
import type { SourceFile } from './source-file.ts';

/** Whom each layer may import, besides itself. `cli` reads filter rules with policy's parsers, which are pure. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  model: [],
  policy: ['model', 'errors'],
  filesystem: ['model', 'errors'],
  flow: ['model', 'errors'],
  phases: ['policy', 'filesystem', 'flow', 'model', 'errors'],
  sync: ['phases', 'model', 'errors'],
  index: ['sync', 'model', 'errors'],
  cli: ['index', 'sync', 'policy', 'model', 'errors'],
};

/** Who may load a package that reaches the world outside. */
const RESERVED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['filesystem'],
  'node:fs': ['filesystem', 'cli'],
  'node:fs/promises': ['filesystem', 'cli'],
  'node:child_process': ['filesystem', 'cli'],
  'node:process': ['cli'],
  'node:readline': ['cli'],
  'node:worker_threads': ['flow', 'phases'],
  chalk: ['cli'],
  'cli-progress': ['cli'],
  commander: ['cli'],
  'fast-glob': ['cli'],
  ora: ['cli'],
};

const MAX_LINES = 250;

type Rule = (file: SourceFile) => readonly string[];

const RULES: readonly Rule[] = [
  layersImportDownwards,
  packagesStayInTheirLayer,
  onlyCliTouchesTheProcess,
  policyIsPure,
  opensWithWhatItOwns,
  isShort,
  suppressesNothing,
];

export function violations(files: readonly SourceFile[]): string[] {
  const broken = files.flatMap((file) =>
    RULES.flatMap((rule) => rule(file)).map((reason) => `${file.path}: ${reason}`),
  );
  const graph = new Map(files.map((file) => [file.path, file.imports]));
  return [...broken, ...findCycles(graph).map((cycle) => `cycle: ${cycle.join(' -> ')}`)];
}

/** `src/policy/filter/filter.ts` is in `policy`, `src/sync.ts` is `sync`. */
function layerOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function layersImportDownwards({ path, imports, scripts }: SourceFile): string[] {
  const layer = layerOf(path);
  const allowed = MAY_IMPORT[layer];
  if (allowed === undefined) return [`is in no layer: ${layer}`];
  const imported = new Set([...imports, ...scripts].map(layerOf));
  imported.delete(layer);
  return [...imported].filter((other) => !allowed.includes(other)).map((other) => `imports ${other}`);
}

function packagesStayInTheirLayer({ path, packages }: SourceFile): string[] {
  const layer = layerOf(path);
  return packages
    .filter((name) => RESERVED_PACKAGES[name]?.includes(layer) === false)
    .map((name) => `loads ${name}`);
}

/** What the machine is, platform and architecture, the syscall layer may ask. */
function onlyCliTouchesTheProcess({ path, code }: SourceFile): string[] {
  const layer = layerOf(path);
  if (layer === 'cli') return [];
  const judged = layer === 'filesystem' ? code.replaceAll(/\bprocess\.(platform|arch)\b/g, '') : code;
  const touched = judged.match(/\b(process|console)\b/g) ?? [];
  return [...new Set(touched)].map((name) => `touches ${name}`);
}

function policyIsPure({ path, code }: SourceFile): string[] {
  if (layerOf(path) !== 'policy') return [];
  const impure = code.match(/\b(async|await|Promise|setTimeout|performance|Date)\b|\bMath\.random\b/g) ?? [];
  return [...new Set(impure)].map((name) => `is not pure: ${name}`);
}

function opensWithWhatItOwns({ text }: SourceFile): string[] {
  return text.startsWith('/**') ? [] : ['does not open with a comment on what it owns'];
}

function isShort({ text }: SourceFile): string[] {
  const lines = text.trimEnd().split('\n').length;
  return lines <= MAX_LINES ? [] : [`has ${lines} lines`];
}

function suppressesNothing({ text }: SourceFile): string[] {
  const found = text.match(/(ox|es)lint-disable|@ts-(ignore|expect-error|nocheck)|\bas any\b/g);
  return (found ?? []).map((word) => `suppresses a check: ${word}`);
}
