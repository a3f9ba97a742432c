/** What looks at the roots before what cannot be taken back asks again where a server fails for a moment. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FatalError } from '../../../src/errors.ts';
import { closeLocation, resolveLocation } from '../../../src/filesystem/location.ts';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import type { Location } from '../../../src/model/location.ts';
import { guardRequiredFile, guardUnchangedRoots } from '../../../src/phases/guard-roots.ts';
import { withLatfs, type Latfs } from '../../support/latfs.ts';
import { makeScratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';

const settings = { ...DEFAULT_SETTINGS, stateDirectory: '/nonexistent', spoolDirectory: '/nonexistent' };

/** A root on a mirror, which holds `sentinel`. */
async function onMirror(use: (root: Location, latfs: Latfs) => Promise<void>): Promise<void> {
  const scratch = makeScratch();
  const [backing, mountPoint] = [scratch.path('backing'), scratch.path('mount')];
  mkdirSync(backing);
  writeFileSync(`${backing}/sentinel`, '');
  try {
    await withLatfs({ backing, mountPoint }, [], async (latfs) => {
      const root = await resolveLocation('source', mountPoint);
      try {
        await use(root, latfs);
      } finally {
        await closeLocation(root);
      }
    });
  } finally {
    scratch.remove();
  }
}

describeWith(['latfs'], 'a root', () => {
  for (const { times, outcome } of [
    { times: 2, outcome: 'usable' },
    { times: 50, outcome: 'lost' },
  ]) {
    it(`whose server fails ${times} times is ${outcome}`, async () => {
      await onMirror(async (root, latfs) => {
        const task = { source: root.path, destination: root.path, settings };
        const guard = () => guardUnchangedRoots({ source: root, destination: root, task }, FatalError);
        latfs.ctl('op=getattr', 'errno=ETIMEDOUT', `count=${times}`);
        await (outcome === 'usable' ? guard() : expect(guard()).rejects.toThrow(FatalError));
      });
    });

    it(`whose required file fails ${times} times is ${outcome}`, async () => {
      await onMirror(async (root, latfs) => {
        const required = { ...settings, requireFile: 'sentinel' };
        latfs.ctl('op=lookup', 'path=sentinel', 'errno=ETIMEDOUT', `count=${times}`);
        const guard = () => guardRequiredFile(root, required, FatalError);
        await (outcome === 'usable' ? guard() : expect(guard()).rejects.toThrow(FatalError));
      });
    });
  }
});
