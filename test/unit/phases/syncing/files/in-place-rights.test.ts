/** Which files grant rights to whoever runs them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ContextChanges,
  type TwoTrees,
  makeTwoTrees,
  withCalls,
} from '../../../../support/march-context.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { closeRead, openForReading } from '../../../../../src/filesystem/open-file.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import { hasRights } from '../../../../../src/phases/syncing/files/in-place-file.ts';
import { newApplyingScope } from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { STRANGER, withPlace } from '../../../../support/applying.ts';
import { entryOf } from '../../../../support/entries.ts';

const PRESERVES_ATTRIBUTES = { settings: { preserve: { ...DEFAULT_SETTINGS.preserve, xattr: true } } };
const ROOT = { ...STRANGER, isRoot: true, uid: 0 };
const AS_ROOT: ContextChanges = { ...PRESERVES_ATTRIBUTES, setup: { rights: ROOT } };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'f');
});
afterEach(async () => trees.remove());

/** Whether `f`, with attributes of these names, grants rights. */
async function grants(mode: number, changes: ContextChanges, names: readonly string[]): Promise<boolean> {
  const list = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const listxattr: Linux['listxattr'] = (_, buffer) => list.copy(buffer as Buffer);
  return grantsBy(mode, changes, { listxattr });
}

async function grantsBy(mode: number, changes: ContextChanges, calls: Partial<Linux>): Promise<boolean> {
  const context = withCalls(trees.context(changes), 'source', () => calls);
  const unit = newApplyingScope(context);
  return withPlace(context, 'f', { source: entryOf({ mode }) }, async (place) => {
    const source = await openForReading(place.source, 'f');
    try {
      return await hasRights(unit, place, source);
    } finally {
      await closeRead(source);
    }
  });
}

it.each([
  ['set-user-id', 0o104755, true],
  ['set-group-id', 0o102755, true],
  ['only sticky', 0o101755, false],
  ['plainly executable', 0o100755, false],
])('a file that is %s, without a look at its attributes', async (_, mode, expected) => {
  expect(await grantsBy(mode, {}, { listxattr: () => -EIO })).toBe(expected);
});

describe('a file with attributes', () => {
  it.each([
    [['security.capability'], true],
    [['user.a', 'security.SMACK64EXEC', 'user.b'], true],
    [['security.selinux', 'trusted.a', 'user.capability'], false],
    [[], false],
  ])('%j', async (names, expected) => {
    expect(await grants(0o100755, AS_ROOT, names)).toBe(expected);
  });

  it('grants nothing if its attributes are not copied', async () => {
    expect(await grants(0o100755, { setup: { rights: ROOT } }, ['security.capability'])).toBe(false);
  });

  it('grants nothing if another user than root copies it', async () => {
    const changes = { ...PRESERVES_ATTRIBUTES, setup: { rights: STRANGER } };
    expect(await grants(0o100755, changes, ['security.capability'])).toBe(false);
  });

  it('is a failure of the source if it cannot tell', async () => {
    const asked = grantsBy(0o100755, AS_ROOT, { listxattr: () => -EIO });
    await expect(asked).rejects.toMatchObject({ code: 'EIO', side: 'source' });
  });
});
