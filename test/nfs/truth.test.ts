/** Verification reads the server's content, even while the client's cache still holds the right bytes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { lab, test } from '../support/nfs-lab.ts';
import type { LabTrees } from '../support/nfs-lab.ts';
import { file, sparse } from '../support/tree.ts';

const MIB = 1024 * 1024;
const SIDES = ['source', 'destination'] as const;
type Side = (typeof SIDES)[number];

/** Flips a bit on the disk below the file, which changes neither its attributes nor its change counter. */
const ROT = `
import fcntl, os, struct, sys
path, disk, offset = sys.argv[1], sys.argv[2], int(sys.argv[3])
fd = os.open(path, os.O_RDWR)
os.fsync(fd)
size, = struct.unpack("i", fcntl.ioctl(fd, 2, struct.pack("i", 0)))
block, = struct.unpack("i", fcntl.ioctl(fd, 1, struct.pack("i", offset // size)))
at = block * size + offset % size
device = os.open(disk, os.O_RDWR)
os.posix_fadvise(device, at, 1, os.POSIX_FADV_DONTNEED)
os.pwrite(device, bytes([os.pread(device, 1, at)[0] ^ 1]), at)
os.fsync(device)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
`;

function rot(nfs: LabTrees, side: Side, name: string): void {
  const disk = side === 'source' ? '/dev/mapper/labnas' : '/dev/mapper/labefs';
  execFileSync('python3', ['-c', ROT, join(nfs.onServers[side], name), disk, '1000']);
}

async function verdictsOf(trees: Trees, args: readonly string[] = []): Promise<string[]> {
  const { stdout } = await verify(trees, [...args, '--json'], { status: 40 });
  return reportIn(stdout)
    .verdicts.map(({ class: verdict, path }) => `${verdict}: ${path}`)
    .toSorted();
}

/** Mounts one side with a client that trusts its cache without asking the server. */
async function onTrustingMount(
  nfs: LabTrees,
  { side, version }: { side: Side; version: '3' | '4.1' },
  body: (pair: LabTrees) => Promise<void>,
): Promise<void> {
  const mountPoint = mkdtempSync('/mnt/efs-sync-test-');
  const name = basename(nfs.directory);
  const onServer = join('/srv/nas', version === '3' ? 'v3' : 'v41', name);
  mkdirSync(onServer);
  lab(`mount ${version} ${mountPoint} nocto,actimeo=600`);
  try {
    const onServers = { ...nfs.onServers, [side]: onServer };
    await body({ ...nfs, onServers, [side]: join(mountPoint, name) });
  } finally {
    execFileSync('umount', [mountPoint]);
    rmdirSync(mountPoint);
    rmSync(onServer, { recursive: true });
  }
}

describeWith(['NFS servers that take faults'], "changes behind the client's back", () => {
  test.for(SIDES)('a bit that rots on the disk of the %s is found', async (side, { nfs }) => {
    const content = Buffer.alloc(5_000, 'content');
    await writeTree(nfs.onServers.source, { a: file(content), b: file(content) });
    await sync(nfs);
    const cached = join(nfs[side], 'a');
    expect(readFileSync(cached)).toEqual(content);
    rot(nfs, side, 'a');
    expect(readFileSync(join(nfs.onServers[side], 'a'))).not.toEqual(content);
    expect(readFileSync(cached)).toEqual(content);
    expect(await verdictsOf(nfs)).toEqual(['content mismatch: a']);
  });

  test.for(SIDES)('a bit that rots in a large file of the %s is found', async (side, { nfs }) => {
    await writeTree(nfs.onServers.source, { large: sparse(65 * MIB, [[0, 'content'.repeat(1_000)]]) });
    await sync(nfs, ['--verify=none']);
    execFileSync('cat', [join(nfs[side], 'large')], { stdio: 'ignore' });
    rot(nfs, side, 'large');
    execFileSync('cmp', ['-n', '5000', join(nfs.source, 'large'), join(nfs.destination, 'large')]);
    expect(await verdictsOf(nfs)).toEqual(['content mismatch: large']);
  });

  test.for([
    ['3', 'source'],
    ['3', 'destination'],
    ['4.1', 'source'],
    ['4.1', 'destination'],
  ] as const)('any change on the server: v%s as %s', async ([version, side], { nfs }) => {
    await onTrustingMount(nfs, { side, version }, async (pair) => {
      const tree = { content: file('right'), mode: file('x', { mode: 0o644 }), removed: file('x') };
      await writeTree(pair.onServers.source, tree);
      await sync(pair);
      await readTree(pair[side]);
      expect(readFileSync(join(pair[side], 'content'), 'utf8')).toBe('right');
      tamper(pair.onServers[side]);
      // What the client still has cached. NFS v4 asks the server on open, so content is checked with v3 only.
      if (version === '3') expect(readFileSync(join(pair[side], 'content'), 'utf8')).toBe('right');
      expect(statSync(join(pair[side], 'mode')).mode & 0o777).toBe(0o644);
      expect(statSync(join(pair[side], 'removed')).size).toBe(1);
      const [added, gone] = side === 'source' ? ['missing', 'extraneous'] : ['extraneous', 'missing'];
      const expected = [
        `${added}: added`,
        `${gone}: removed`,
        'content mismatch: content',
        'metadata differs: ',
        'metadata differs: mode',
      ];
      expect(await verdictsOf(pair, ['--delete'])).toEqual(expected.toSorted());
    });
  });
});

/** Same size and mtime to the nanosecond; only the content differs. */
function tamper(root: string): void {
  const script = `
import os, sys
os.chdir(sys.argv[1])
before = os.stat("content")
with open("content", "r+b") as f: f.write(b"wrong")
os.utime("content", ns=(before.st_atime_ns, before.st_mtime_ns))
os.chmod("mode", 0o600)
os.unlink("removed")
open("added", "w").close()`;
  execFileSync('python3', ['-c', script, root]);
}
