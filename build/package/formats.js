/** Packs a laid-out tree as .tar.gz, .deb and .rpm: owned by root, sorted, and of one time. */
import {
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { output } from './tools.js';

const SUMMARY = 'Sync one mounted directory tree to another and prove the copy';
const DESCRIPTION = 'Made for moving an NFS export to Amazon EFS. Comes with its own Node.js.';

/** Unpacks anywhere: bin, lib and share below one directory. */
export function buildTar({ root, work, target, version, seconds, architecture }) {
  const name = `efs-sync-${version}-linux-${architecture.node}`;
  renameSync(join(root, 'usr'), join(work, name));
  const tar = join(work, `${name}.tar`);
  const owners = ['--owner=0', '--group=0', '--numeric-owner'];
  output('tar', [
    '--format=gnu',
    '--sort=name',
    `--mtime=@${seconds}`,
    ...owners,
    '-cf',
    tar,
    '-C',
    work,
    name,
  ]);
  renameSync(join(work, name), join(root, 'usr'));
  writeFileSync(join(target, `efs-sync_${version}_${architecture.node}.tar.gz`), gzipSync(readFileSync(tar)));
  rmSync(tar);
}

export function buildDeb({ root, target, version, seconds, architecture }) {
  const control = join(root, 'DEBIAN');
  mkdirSync(control);
  const size = filesBelow(join(root, 'usr')).reduce(
    (sum, path) => sum + Math.ceil(statSync(path).size / 1024),
    0,
  );
  const fields = {
    Package: 'efs-sync',
    Version: version,
    Architecture: architecture.deb,
    Maintainer: 'efs-sync <root@localhost>',
    'Installed-Size': size,
    Depends: 'libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 8)',
    Section: 'admin',
    Priority: 'optional',
    Description: `${SUMMARY}\n ${DESCRIPTION}`,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  writeFileSync(join(control, 'control'), lines.join(''));
  // Locks and the history of runs. Plain removal keeps them.
  const purge = '#!/bin/sh\nset -e\nif [ "$1" = purge ]; then rm -rf /var/lib/efs-sync; fi\n';
  writeFileSync(join(control, 'postrm'), purge, { mode: 0o755 });
  for (const path of readdirSync(root, { recursive: true })) lutimesSync(join(root, path), seconds, seconds);
  lutimesSync(root, seconds, seconds);
  const file = join(target, `efs-sync_${version}_${architecture.deb}.deb`);
  output('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', root, file]);
  rmSync(control, { recursive: true });
}

export function buildRpm({ root, work, target, version, architecture }) {
  const spec = join(work, 'efs-sync.spec');
  writeFileSync(spec, specification(root, version));
  const top = join(work, 'rpm');
  const defines = {
    _topdir: top,
    _tmppath: work,
    _buildhost: 'localhost',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
    source_date_epoch_from_changelog: '0',
    _binary_payload: 'w6.gzdio',
    _build_id_links: 'none',
    __os_install_post: '%{nil}',
    _staged: root,
  };
  const options = Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  output('rpmbuild', ['-bb', '--quiet', '--target', `${architecture.rpm}-linux`, ...options, spec]);
  const built = join(top, 'RPMS', architecture.rpm, `efs-sync-${version}-1.${architecture.rpm}.rpm`);
  const file = join(target, `efs-sync-${version}-1.${architecture.rpm}.rpm`);
  // Another file system may hold the target.
  writeFileSync(file, readFileSync(built));
}

/** Only directories of its own are its: others belong to the system, whatever their mode there. */
function specification(root, version) {
  const files = filesBelow(root).map((path) => `"${path.slice(root.length)}"`);
  const own = ['/usr/lib/efs-sync', '/usr/share/doc/efs-sync'];
  const directories = directoriesBelow(root)
    .map((path) => path.slice(root.length))
    .filter((path) => own.some((top) => `${path}/`.startsWith(`${top}/`)));
  return `Name: efs-sync
Version: ${version}
Release: 1
Summary: ${SUMMARY}
License: MIT
AutoReqProv: no
Requires: /bin/sh, libc.so.6(GLIBC_2.28)(64bit), libgcc_s.so.1()(64bit), libstdc++.so.6(GLIBCXX_3.4.21)(64bit)
%description
${DESCRIPTION}
%install
cp -a %{_staged}/. %{buildroot}/
%files
%defattr(-,root,root,-)
${[...directories.map((path) => `%dir "${path}"`), ...files].join('\n')}
`;
}

function filesBelow(directory) {
  return entriesBelow(directory, (entry) => !entry.isDirectory());
}

function directoriesBelow(directory) {
  return entriesBelow(directory, (entry) => entry.isDirectory());
}

function entriesBelow(directory, wanted) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(wanted)
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}
