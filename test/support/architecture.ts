/** The rules that keep the rooms apart. Each names the offender: `src/policy/a.ts: imports filesystem`. */
import { findCycles } from './find-cycles.ts';
import type { SourceFile } from './source-file.ts';

/**
 * What each room at the top of `src/` may import, besides itself: a room, or one folder in it. No room
 * imports one below it in this list.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  policy: ['model'],
  flow: ['model'],
  linux: ['flow', 'model'],
  filesystem: ['linux', 'flow', 'model'],
  history: ['filesystem', 'policy', 'model'],
  engine: ['filesystem', 'linux', 'flow', 'policy', 'model'],
  phases: ['engine', 'filesystem', 'linux', 'flow', 'policy', 'model'],
  run: ['phases', 'engine', 'filesystem', 'linux', 'flow', 'policy', 'model'],
  preflight: ['run', 'phases', 'engine', 'filesystem', 'linux', 'policy', 'model'],
  sync: ['preflight', 'run', 'phases', 'engine', 'model'],
  report: ['history', 'filesystem/operator-files', 'flow', 'policy', 'model'],
  cli: ['report', 'sync', 'run', 'history', 'filesystem/operator-files', 'flow', 'policy', 'model'],
  api: ['cli/task-file', 'cli/options', 'cli/resolve-task', 'report', 'sync', 'model'],
};

/** Who may load a package that touches the outside world. */
const RESERVED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['linux'],
  'node:fs': ['linux', 'filesystem', 'history', 'report', 'cli'],
  'node:fs/promises': ['linux', 'filesystem', 'history', 'report', 'cli'],
  'node:child_process': ['filesystem', 'cli'],
  'node:process': ['report', 'cli'],
  'node:readline': ['report', 'cli'],
  'node:worker_threads': ['flow', 'run'],
  chalk: ['report'],
  'cli-progress': ['report'],
  commander: ['cli'],
  'fast-glob': ['cli'],
  ora: ['report'],
};

/** The only file that names file system types. */
const TABLE_OF_FILE_SYSTEMS = 'src/model/file-systems.ts';

const MOST_ROOMS = 13;
/** Directly in one folder. */
const MOST_FILES = 25;
const MAX_LINES = 250;

type Rule = (file: SourceFile) => readonly string[];

const RULES: readonly Rule[] = [
  roomsImportDownwards,
  packagesStayInTheirRoom,
  onlyTheEdgeTouchesTheProcess,
  phasesMakeNoCall,
  policyIsPure,
  asksTheTableOfFileSystems,
  opensWithWhatItOwns,
  isShort,
  suppressesNothing,
];

export function violations(files: readonly SourceFile[]): string[] {
  const broken = files.flatMap((file) =>
    RULES.flatMap((rule) => rule(file)).map((reason) => `${file.path}: ${reason}`),
  );
  return [...broken, ...findCircles(files), ...findCrowds(files), ...findNamesakes(files)];
}

/** Files, and folders at each depth, that import each other in a circle. */
function findCircles(files: readonly SourceFile[]): string[] {
  const graphs = [graphOf(files, (path) => path), ...[2, 3, 4].map((depth) => graphOfFolders(files, depth))];
  const found = graphs.flatMap(findCycles);
  return [...new Set(found.map((cycle) => `cycle: ${cycle.join(' -> ')}`))];
}

function graphOfFolders(files: readonly SourceFile[], depth: number): Map<string, string[]> {
  return graphOf(files, (path) => folderOf(path).split('/').slice(0, depth).join('/'));
}

function graphOf(files: readonly SourceFile[], nameOf: (path: string) => string): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const { path, imports } of files) {
    const name = nameOf(path);
    // Files of a folder may import each other, but no file itself.
    const others = imports.map(nameOf).filter((other) => other !== name || other === path);
    graph.set(name, [...(graph.get(name) ?? []), ...others]);
  }
  return graph;
}

/** Rooms, and files in one folder, that are more than a reader can take in. */
function findCrowds(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  const crowds = [...counts].filter(([, count]) => count > MOST_FILES);
  const rooms = new Set(
    [...counts.keys()].filter((folder) => folder !== 'src').map((folder) => folder.split('/')[1]),
  );
  return [
    ...crowds.map(([folder, count]) => `${folder}: has ${count} files`),
    ...(rooms.size > MOST_ROOMS ? [`src: has ${rooms.size} rooms`] : []),
  ];
}

/** Names shared by several files: a search for a file's name should find one. */
function findNamesakes(files: readonly SourceFile[]): string[] {
  const first = new Map<string, string>();
  return files.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const namesake = first.get(name);
    first.set(name, path);
    return namesake === undefined ? [] : [`${path}: has the name of ${namesake}`];
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** `src/policy/filter/filter.ts` is in `policy`, `src/sync.ts` is `sync`. */
function roomOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function roomsImportDownwards({ path, imports, scripts }: SourceFile): string[] {
  const room = roomOf(path);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return [`is in no room: ${room}`];
  const mayImport = (other: string): boolean =>
    [room, ...allowed].some((each) => other === `src/${each}.ts` || other.startsWith(`src/${each}/`));
  const refused = [...imports, ...scripts].filter((other) => !mayImport(other.replace(/\.js$/, '.ts')));
  return [...new Set(refused.map(roomOf))].map((other) => `imports ${other}`);
}

function packagesStayInTheirRoom({ path, packages }: SourceFile): string[] {
  const room = roomOf(path);
  return packages
    .filter((name) => RESERVED_PACKAGES[name]?.includes(room) === false)
    .map((name) => `loads ${name}`);
}

/** System calls alone may ask for the machine's platform and architecture. */
function onlyTheEdgeTouchesTheProcess({ path, code }: SourceFile): string[] {
  const room = roomOf(path);
  if (room === 'cli' || room === 'report') return [];
  const judged = room === 'linux' ? code.replaceAll(/\bprocess\.(platform|arch)\b/g, '') : code;
  const touched = judged.match(/\b(process|console)\b/g) ?? [];
  return [...new Set(touched)].map((name) => `touches ${name}`);
}

/** Each disk operation of a phase has a name in `filesystem/`. */
function phasesMakeNoCall({ path, code }: SourceFile): string[] {
  if (roomOf(path) !== 'phases') return [];
  const made = code.match(/\b(?:linux|local)\.\w+(?=\()/g) ?? [];
  return [...new Set(made)].map((call) => `makes a system call: ${call}`);
}

function policyIsPure({ path, code }: SourceFile): string[] {
  if (roomOf(path) !== 'policy') return [];
  const impure = code.match(/\b(async|await|Promise|setTimeout|performance|Date)\b|\bMath\.random\b/g) ?? [];
  return [...new Set(impure)].map((name) => `is not pure: ${name}`);
}

/** Other code may show the name of a type, but not compare it, look it up or take it apart. */
const JUDGES_TYPE = [
  /\bfileSystemType\s*[!=]==?\s*''/,
  /''\s*[!=]==?\s*[\w.?]*\bfileSystemType\b/,
  /\bfileSystemType\??\.\w/,
  /\.(?:get|has|includes|indexOf|test|exec|match)\([^()]*\bfileSystemType\b/,
  /\w\[[^[\]]*\bfileSystemType\b[^[\]]*\]/,
  /\bswitch\s*\([^()]*\bfileSystemType\b/,
];

function asksTheTableOfFileSystems({ path, code }: SourceFile): string[] {
  if (path === TABLE_OF_FILE_SYSTEMS) return [];
  return JUDGES_TYPE.some((pattern) => pattern.test(code))
    ? ['judges a type of file system by its name']
    : [];
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
