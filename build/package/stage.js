/** Lays out what a package installs, for one processor, below `root`/usr. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { output } from './tools.js';

/** What runs, and licences. Not types, sources and maps, nor koffi's build for musl: this Node needs glibc. */
const RUNS = /\.(?:[cm]?js|json|wasm|node)$|(?:^|\/)(?:licen[cs]e|notice|copying)[^/]*$/i;
const UNUSED = /(?:^|\/)(?:musl_[^/]*|vendor\/.*\.(?:[cm]?js|json)|cnoke\.cjs|\.package-lock\.json)(?:$|\/)/;
const PROGRAM = /^program\/(?!index\.js)[^/]*\.c?js$|^[^/]*\.schema\.json$/;

export function stage(root, work, { node: processor, nodeIntegrity }, nodeVersion) {
  const usr = join(root, 'usr');
  const library = join(usr, 'lib/efs-sync');
  const documentation = join(usr, 'share/doc/efs-sync');
  copy('build/package/launcher.sh', join(usr, 'bin/efs-sync'), 0o755);
  copy('package.json', join(library, 'package.json'));
  copy('bin/package.json', join(library, 'bin/package.json'));
  // By the name of the command, which hints repeat.
  copy('bin/efs-sync.js', join(library, 'bin/efs-sync'));
  copyTree('dist', join(library, 'dist'), (path) => PROGRAM.test(path));
  const node = fetch(work, `node-linux-${processor}@${nodeVersion}`, nodeIntegrity);
  copy(join(node, 'bin/node'), join(library, 'node'), 0o755);
  copy(join(node, 'LICENSE'), join(documentation, 'LICENSE.node'));
  stageModules(work, library, processor);
  stagePages(usr, documentation);
}

/** Production dependencies as they are installed here, and koffi's library for the other processor, as locked. */
function stageModules(work, library, processor) {
  const installed = output('npm', ['ls', '--omit=dev', '--all', '--parseable'])
    .trim()
    .split('\n')
    .map((path) => relative('.', path))
    .filter((path) => path !== '' && !path.includes('node_modules/@koromix/'));
  // A nested package comes with the one that it is in.
  const outer = installed.filter((path) => path.lastIndexOf('node_modules/') === 0);
  for (const path of outer) copyTree(path, join(library, path), runs);
  const native = `@koromix/koffi-linux-${processor}`;
  const { version, integrity } = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages[
    `node_modules/${native}`
  ];
  copyTree(fetch(work, `${native}@${version}`, integrity), join(library, 'node_modules', native), runs);
}

function runs(path) {
  return RUNS.test(path) && !UNUSED.test(path);
}

function stagePages(usr, documentation) {
  const share = join(usr, 'share');
  for (const page of readdirSync('man')) {
    const directory = join(share, `man/man${page.slice(-1)}`);
    mkdirSync(directory, { recursive: true });
    // Node writes no time and no name into it.
    writeFileSync(join(directory, `${page}.gz`), gzipSync(readFileSync(join('man', page)), { level: 9 }));
  }
  const completions = {
    'efs-sync.bash': 'bash-completion/completions/efs-sync',
    '_efs-sync': 'zsh/vendor-completions/_efs-sync',
    'efs-sync.fish': 'fish/vendor_completions.d/efs-sync.fish',
  };
  for (const [name, place] of Object.entries(completions))
    copy(join('dist/completions', name), join(share, place));
  // Fedora's zsh looks here alone.
  copy('dist/completions/_efs-sync', join(share, 'zsh/site-functions/_efs-sync'));
  copy('LICENSE', join(documentation, 'copyright'));
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const page of files.filter((path) => path.endsWith('.md'))) copy(page, join(documentation, page));
  for (const example of readdirSync('examples')) {
    const place = join(documentation, 'examples', example);
    copy(join('examples', example), place, example.endsWith('.sh') ? 0o755 : 0o644);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replaceAll('/usr/local/bin/efs-sync', '/usr/bin/efs-sync'));
  }
}

/** Unpacks a package of the npm registry. @throws Error if it is another than it was */
function fetch(work, specifier, integrity) {
  const directory = join(work, specifier.replaceAll(/[^a-z0-9.]/g, '-'));
  mkdirSync(directory);
  const [packed] = JSON.parse(
    output('npm', ['pack', '--json', '--silent', '--pack-destination', directory, specifier]),
  );
  if (packed.integrity !== integrity) throw new Error(`${specifier} is not as locked`);
  output('tar', ['-xzf', join(directory, packed.filename), '-C', directory, '--no-same-owner']);
  return join(directory, 'package');
}

function copy(from, to, mode = 0o644) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, mode);
}

function copyTree(from, to, wanted) {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const inTree = relative(from, path);
    if (entry.isFile() && wanted(inTree)) copy(path, join(to, inTree));
  }
}
