/**
 * `preflight --scan` lists everything that the destination cannot hold, before a sync fails because of it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runWithEfsDestination } from '../support/as-efs.ts';
import { jsonEvents } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, run, test, type Trees } from '../support/scenario.ts';
import { device, dir, file, hardLink, symlink, type NamedNode } from '../support/tree.ts';

function scanForEfs({ ...trees }: Trees, args: readonly string[] = [], status = 23): object[] {
  const all = ['preflight', trees.source, trees.destination, '--scan', '--json', ...args];
  const { stdout } = runWithEfsDestination(trees, all, status);
  return jsonEvents(stdout).filter(({ event }) => event === 'obstacle');
}

function obstacle(path: string, kind: string, code: string, effect = 'fails'): object {
  return { event: 'obstacle', path, kind, code, effect, detail: expect.any(String) as string };
}

describeWith(['root'], 'for Amazon EFS', () => {
  test('files and link targets that are too large, too many levels, too many names', async ({
    memoryTrees: trees,
  }) => {
    const { source } = trees;
    const links = Array.from({ length: 177 }, (_, index): NamedNode => [`n${index}`, hardLink('first')]);
    await writeTree(source, [['first', file('x')], ...links, ['huge', file()], ['largest', file()]]);
    truncateSync(join(source, 'largest'), 52_673_613_135_872);
    truncateSync(join(source, 'huge'), 52_673_613_135_873);
    symlinkSync('t'.repeat(4080), join(source, 'longest'));
    symlinkSync('t'.repeat(4081), join(source, 'long'));
    const descend =
      'import os,sys\nos.chdir(sys.argv[1])\nfor _ in range(1001): os.mkdir("d"); os.chdir("d")';
    execFileSync('python3', ['-c', descend, source]);
    const found = scanForEfs(trees);
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        obstacle('huge', 'file size', 'EFBIG'),
        obstacle('long', 'link target', 'ENAMETOOLONG'),
        obstacle(Array(1001).fill('d').join('/'), 'directory depth', ''),
        obstacle(expect.stringMatching(/^(first|n)/) as string, 'hard links', 'EMLINK', 'split'),
      ]),
    );
    expect(readdirSync(trees.destination)).toEqual([]);
  });

  test('hard links alone are no failure', async ({ trees }) => {
    const links = Array.from({ length: 177 }, (_, index): NamedNode => [`n${index}`, hardLink('first')]);
    await writeTree(trees.source, [['first', file('x')], ...links]);
    expect(scanForEfs(trees, [], 0)).toHaveLength(1);
  });
});

describeWith(['root', 'setfacl', 'user xattrs', 'mknod'], 'for Amazon EFS: metadata to preserve', () => {
  test('devices, extended attributes and ACLs, but only if requested', async ({ trees }) => {
    const { source } = trees;
    await writeTree(source, {
      node: device('character device', [1, 3]),
      d: dir({ attributes: file('x'), acl: file('x') }),
    });
    const set = "import os,sys; os.setxattr(sys.argv[1],'user.a',b'b')";
    execFileSync('python3', ['-c', set, join(source, 'd/attributes')]);
    execFileSync('setfacl', ['-m', 'u:1:r', join(source, 'd/acl')]);
    execFileSync('setfacl', ['-d', '-m', 'u:1:r', join(source, 'd')]);
    expect(scanForEfs(trees, [], 0)).toEqual([]);
    const found = scanForEfs(trees, ['--preserve=all']);
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        obstacle('node', 'device', ''),
        obstacle('d', 'acl', 'EOPNOTSUPP', 'incomplete'),
        obstacle('d/acl', 'acl', 'EOPNOTSUPP', 'incomplete'),
        obstacle('d/attributes', 'extended attributes', 'EOPNOTSUPP', 'incomplete'),
      ]),
    );
    expect(scanForEfs(trees, ['-AX', '--exclude=/d'], 0)).toEqual([]);
  });
});

describe('for a local directory', () => {
  test('nothing is found, and the number of entries is reported', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), d: dir({ b: file('y') }) });
    const { stdout } = await run(['preflight', trees.source, trees.destination, '--scan']);
    expect(stdout).toContain(
      "[OK]      source: scan: 4 entries, nothing exceeds a limit of the destination's file system; permissions were not checked\n",
    );
    const preserving = await run(['preflight', '--scan', '-A', trees.source, trees.destination]);
    expect(preserving.stdout).toContain(
      '4 entries (space for attributes and ACLs was not checked), nothing exceeds',
    );
  });

  test('a missing listed path is reported', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), link: symlink('.') });
    const options = { input: 'a\nnone/b\nlink/a\n', status: 23 };
    const { stdout, stderr } = await run(
      ['preflight', '--scan', '--files-from=-', trees.source, trees.destination],
      options,
    );
    expect(stdout).toContain('source: scan: 2 entries: 2 cannot be read');
    expect(stderr).toMatch(/cannot find \S*none\/b:[^]*cannot find \S*link\/a:|link\/a:[^]*none\/b:/);
  });

  test('a sync refuses --scan', async ({ trees }) => {
    const { output } = await run([trees.source, trees.destination, '--scan'], { status: 1 });
    expect(output).toContain('--scan works only with efs-sync preflight');
  });
});

describeWith(['root', 'another user'], 'an unreadable entry', () => {
  test('fails the scan', async ({ trees }) => {
    await writeTree(trees.source, { d: dir({ f: file('x') }) });
    giveToNobody(trees);
    chownSync(join(trees.source, 'd'), 0, 0);
    chmodSync(join(trees.source, 'd'), 0o700);
    const args = ['preflight', trees.source, trees.destination, '--scan'];
    const { stdout, output } = await run(args, { asNobody: true, status: 23 });
    expect(output).toContain('cannot list');
    expect(stdout).toContain('[FAIL]    source: scan: 1 entry: 1 cannot be read');
  });
});
