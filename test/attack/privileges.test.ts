/** Capabilities, labels and set-id bits go only to content that the run has written itself. */
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { MIB, onceWritten } from '../support/large-file.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY } from '../support/run-cli.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, type Metadata } from '../support/tree.ts';

const TIME = { mtimeNs: 1_700_000_000_000_000_000n };
const CAPABILITY = { 'security.capability': '\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0' };
const GENUINE = 'genuine';
/** Has the same size as the original, so it passes the quick check. */
const FORGED = 'forged!';
const THEIRS: Metadata = { uid: NOBODY, gid: NOBODY, ...TIME };

async function inodeOf({ destination }: Trees, name: string): Promise<number | undefined> {
  return (await readTree(destination)).get(name)?.inode;
}

describeWith(['root', 'another user', 'user xattrs'], 'a destination file of another user', () => {
  test.for([
    ['a capability', { xattrs: CAPABILITY, mode: 0o755 }],
    ['a label', { xattrs: { 'security.label': 'trusted' } }],
    ['a mark that only root can set', { xattrs: { 'trusted.checked': 'yes' } }],
  ] as const)('%s is not given to content that they wrote', async ([, metadata], { trees }) => {
    await writeTree(trees.source, { tool: file(GENUINE, { ...TIME, ...metadata }) });
    await writeTree(trees.destination, { tool: file(FORGED, { ...THEIRS, mode: 0o755 }) }, THEIRS);
    await sync(trees, ['--preserve=all', '--verify=none']);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('nor to a file with the right owner and mode', async ({ trees }) => {
    await writeTree(trees.source, { tool: file(GENUINE, { ...TIME, xattrs: CAPABILITY }) });
    await writeTree(trees.destination, { tool: file(FORGED, TIME) });
    await sync(trees, ['--preserve=all', '--verify=none']);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('nor to a hard-linked file', async ({ trees }) => {
    const leader = file(GENUINE, { ...TIME, xattrs: CAPABILITY });
    await writeTree(trees.source, { a: leader, b: hardLink('a'), d: dir({ c: hardLink('a') }) });
    await writeTree(trees.destination, { a: file(FORGED, THEIRS), b: hardLink('a') }, THEIRS);
    await sync(trees, ['--preserve=all', '--verify=none']);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('loses a set-user-id bit together with its owner', async ({ trees }) => {
    await writeTree(trees.source, { shell: file(GENUINE, { mode: 0o755 }) });
    await writeTree(trees.destination, { shell: file('old', { ...THEIRS, mode: 0o6755 }) }, THEIRS);
    await sync(trees, ['--preserve=owner,mtime', '--verify=none']);
    await expectSame(trees);
  });
});

describeWith(['root', 'user xattrs'], 'a capability', () => {
  test('survives a change of owner alone, because the content is copied again', async ({ trees }) => {
    const xattrs = CAPABILITY;
    await writeTree(trees.source, { tool: file(GENUINE, { ...TIME, uid: 5, xattrs }) });
    await writeTree(trees.destination, { tool: file(FORGED, { ...TIME, uid: 6, xattrs }) });
    await sync(trees, ['--preserve=all', '--verify=none']);
    await expectSame(trees, { also: ['xattr'] });
  });

  test('that the source has lost is removed without a copy', async ({ trees }) => {
    await writeTree(trees.source, { tool: file(GENUINE, TIME) });
    await writeTree(trees.destination, { tool: file(GENUINE, { ...TIME, xattrs: CAPABILITY }) });
    const before = await inodeOf(trees, 'tool');
    const { tally } = await syncForReport(trees, ['--preserve=all']);
    await expectSame(trees, { also: ['xattr'] });
    expect([tally['bytesTransferred'], await inodeOf(trees, 'tool')]).toEqual([0, before]);
  });

  test('that both sides have allows other attributes to be set without a copy', async ({ trees }) => {
    const xattrs = { ...CAPABILITY, 'user.a': 'b' };
    await writeTree(trees.source, { tool: file(GENUINE, { ...TIME, xattrs }) });
    await writeTree(trees.destination, { tool: file(GENUINE, { ...TIME, xattrs: CAPABILITY }) });
    const { tally } = await syncForReport(trees, ['--preserve=all']);
    await expectSame(trees, { also: ['xattr'] });
    expect(tally).toMatchObject({ bytesTransferred: 0 });
  });

  test('is not given to a partial file of an interrupted run', async ({ trees }) => {
    const content = Buffer.alloc(12 * MIB, GENUINE);
    await writeTree(trees.source, { large: file(content, { xattrs: CAPABILITY }) });
    const onStart = onceWritten(trees, MIB, (_, child) => child.kill('SIGINT'));
    const slowly = ['--partial', '--preserve=all', '--bwlimit=1M', '--verify=none'];
    await sync(trees, slowly, { status: 20, onStart });
    expect([...(await readTree(trees.destination)).keys()]).toEqual(['']);
  });
});
