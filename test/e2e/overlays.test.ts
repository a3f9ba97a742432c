/** An overlay whose branches hold the other root: a write to one is a write to both. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { mountMemory, unmountingBelow } from '../support/mounts.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, snapshot, test } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

function overlay({ lower, upper, work, where }: Record<'lower' | 'upper' | 'work' | 'where', string>): void {
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, where]);
}

describeWith(['root', 'tmpfs mount'], 'an overlay', () => {
  test('whose branches contain the other root is refused, unless it only reads there', async ({ trees }) => {
    await unmountingBelow(trees.directory, async () => {
      const memory = `${trees.directory}/memory`;
      mkdirSync(memory);
      mountMemory(memory);
      for (const name of ['lower/in', 'upper/in', 'work', 'merged']) {
        mkdirSync(`${memory}/${name}`, { recursive: true });
      }
      await writeTree(`${memory}/lower/in`, { a: file('a') });
      await writeTree(`${memory}/upper/in`, { b: file('b') });
      const [lower, upper] = [`${memory}/lower`, `${memory}/upper`];
      overlay({ lower, upper, work: `${memory}/work`, where: `${memory}/merged` });
      const before = await snapshot(upper);
      for (const pair of [
        ['upper/in', 'merged'],
        ['merged', 'upper'],
        ['merged', 'lower'],
        ['merged/in', 'lower/in'],
      ]) {
        const { stderr } = await run([...pair.map((name) => `${memory}/${name}`), '--delete'], { status: 3 });
        expect(stderr).toMatch(/merged, that shows the (source|destination) .* through .*\/(upper|lower)/);
      }
      expect(await snapshot(upper)).toEqual(before);
      const below = await snapshot(lower);
      await run([`${memory}/lower/in`, `${memory}/merged/in`, '--delete']);
      expect(await snapshot(lower)).toEqual(below);
    });
  });
});
