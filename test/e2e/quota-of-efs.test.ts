/**
 * EDQUOT from Amazon EFS, which has no quotas, means too many calls in flight; from others, no room for a
 * path.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { withLatfs } from '../support/latfs.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { test, type Trees } from '../support/scenario.ts';
import { dir, file, type NamedNode } from '../support/tree.ts';

/** A private namespace, in which /proc shows the destination as a mount of Amazon EFS. */
const AS_EFS = `
sed 's|fuse.latfs [^ ]* |nfs4 fs-0a1b2c.efs.eu-west-1.amazonaws.com:/ |' /proc/self/mountinfo >"$1"
mount --bind "$1" "/proc/$$/mountinfo"
shift
exec "$@"
`;

interface Refused {
  readonly status: number | null;
  readonly stdout: string;
  readonly faults: number | undefined;
}

/** @param command the command that runs efs-sync with its arguments */
async function refused(
  trees: Trees,
  command: (args: readonly string[]) => readonly string[],
): Promise<Refused> {
  const files = Array.from({ length: 100 }, (_, index): NamedNode => [`f${index}`, file('x')]);
  await writeTree(trees.source, { d: dir(files) });
  const mountPoint = join(trees.directory, 'mounted');
  return withLatfs({ backing: trees.destination, mountPoint }, ['--latency', '1'], async (latfs) => {
    latfs.ctl('op=create', 'errno=EDQUOT', 'count=8', 'path_glob=/.efs-sync-*/*');
    const [program = '', ...args] = command([process.execPath, CLI, trees.source, mountPoint, '--json']);
    const { status, stdout } = spawnSync(program, args, { env: cleanEnvironment(), encoding: 'utf8' });
    return { status, stdout, faults: latfs.stats().ops['create']?.faults };
  });
}

describeWith(['root', 'latfs'], '“disk quota exceeded” from a mount', () => {
  test('of EFS means too many calls in flight, and is retried', async ({ trees }) => {
    const info = join(trees.directory, 'mountinfo');
    writeFileSync(info, '');
    const command = (args: readonly string[]) => ['unshare', '-m', 'sh', '-ec', AS_EFS, 'sh', info, ...args];
    const { status, stdout, faults } = await refused(trees, command);
    expect([status, faults, reportIn(stdout).tally['retries']]).toEqual([0, 8, 8]);
    expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
  });

  test('of another server is a problem of each path, and not retried', async ({ trees }) => {
    const { status, stdout } = await refused(trees, (args) => args);
    const { problems, tally } = reportIn(stdout);
    expect([status, tally['retries']]).toEqual([23, 0]);
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 'EDQUOT'));
  });
});
