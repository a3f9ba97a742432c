/** What becomes of a file after a failure: nothing that is incomplete gets its name, and nothing is left over. */
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { EEXIST, EIO, EROFS } from '../../../../../src/linux/system-error.ts';
import { Difference } from '../../../../../src/model/change.ts';
import { abandon, putInPlace } from '../../../../../src/phases/syncing/files/destination-file.ts';
import { HiddenDirectory } from '../../../../../src/phases/syncing/names/hidden-directory.ts';
import { partialNameOf } from '../../../../../src/phases/own-names.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';
import { withWritten } from '../../../../support/written-file.ts';

const MIB = 1024 * 1024;

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) trees.make(side, 'd/');
  writeFileSync(trees.scratch.path('source/d/f'), Buffer.alloc(MIB, 'x'));
  chmodSync(trees.scratch.path('source/d/f'), 0o754);
});
afterEach(async () => trees.remove());

function left(path = 'd'): string[] {
  return readdirSync(trees.scratch.path(`destination/${path}`));
}

async function creating(changed: (linux: Linux) => Partial<Linux>): Promise<void> {
  await withWritten(trees, { context: withCalls(trees.context(), 'destination', changed) }, () =>
    expect.fail('opened'),
  );
}

describe('a file that cannot be created', () => {
  it('fails if its unpredictable temporary name is taken', async () => {
    await expect(creating(() => ({ openat: () => -EEXIST }))).rejects.toMatchObject({
      code: 'EEXIST',
      path: 'd/f',
    });
  });

  it('leaves nothing if the reply was lost', async () => {
    const lost = creating(({ openat, close }) => ({
      openat: async (...given) => {
        await close(await openat(...given));
        return -EIO;
      },
    }));
    await expect(lost).rejects.toMatchObject({ code: 'EIO' });
    expect(left()).toEqual([]);
  });

  it('needs no removal at a read-only destination', async () => {
    let removals = 0;
    const refused = creating(() => ({ openat: () => -EROFS, unlinkat: () => -EROFS * ++removals }));
    await expect(refused).rejects.toMatchObject({ code: 'EROFS' });
    expect(removals).toBe(0);
  });
});

describe('an abandoned file', () => {
  it('is removed, and closed', async () => {
    await withWritten(trees, {}, async (written, place, unit) => {
      await abandon(unit, place, written);
      expect(left()).toEqual([]);
      written.isOpen = false;
    });
  });

  it('is finished with in a hidden directory', async () => {
    const hidden = new HiddenDirectory('d');
    await withWritten(trees, { place: { hidden } }, async (written, place, unit) => {
      await abandon(unit, place, written);
      expect([left(), hidden.unfinished.size]).toEqual([[], 0]);
      written.isOpen = false;
    });
  });

  it('stays unfinished in a hidden directory if it cannot be removed', async () => {
    const hidden = new HiddenDirectory('d');
    const context = withCalls(trees.context(), 'destination', () => ({ unlinkat: () => -EIO }));
    await withWritten(trees, { context, place: { hidden } }, async (written, place, unit) => {
      await abandon(unit, place, written);
      expect([...hidden.unfinished]).toEqual(['f']);
      written.isOpen = false;
    });
  });

  it('stays if it was written in place', async () => {
    writeFileSync(trees.scratch.path('destination/d/f'), 'old');
    chmodSync(trees.scratch.path('destination/d/f'), 0o754);
    const context = trees.context({ settings: { inPlace: true } });
    await withWritten(trees, { context, differences: Difference.content }, async (written, place, unit) => {
      await abandon(unit, place, written);
      expect(left()).toEqual(['f']);
      written.isOpen = false;
    });
  });

  const partial = { settings: { partial: true } };
  const isKept = async (changed: (linux: Linux) => Partial<Linux>, keeps = true): Promise<boolean> => {
    const context = withCalls(trees.context(partial), 'destination', changed);
    await withWritten(trees, { context }, async (written, place, unit) => {
      await abandon(unit, place, written, keeps ? place.change.source : undefined);
      written.isOpen = false;
    });
    return existsSync(trees.scratch.path(`destination/d/${partialNameOf('f')}`));
  };

  it('is kept for the next run with --partial', async () => {
    expect(await isKept(() => ({}))).toBe(true);
  });

  it.each<[string, (linux: Linux) => Partial<Linux>, boolean]>([
    ['the run does not say of which version it is', () => ({}), false],
    ['it cannot be marked', () => ({ futimens: () => -EIO }), true],
    [
      'earlier writes were lost',
      ({ close }) => ({
        close: async (fd) => {
          await close(fd);
          return -EIO;
        },
      }),
      true,
    ],
  ])('is not kept if %s', async (_, changed, keeps) => {
    expect(await isKept(changed, keeps)).toBe(false);
  });
});

it('a file whose writes were lost is not put in place', async () => {
  const context = withCalls(trees.context(), 'destination', ({ close }) => ({
    close: async (fd) => {
      await close(fd);
      return -EIO;
    },
  }));
  await withWritten(trees, { context }, async (written, place, unit) => {
    await expect(putInPlace(unit, place, written)).rejects.toMatchObject({ code: 'EIO', syscall: 'close' });
    expect(written.isOpen).toBe(false);
    expect(existsSync(trees.scratch.path('destination/d/f'))).toBe(false);
  });
});
