/** Checks of the roots before irreversible steps are retried after a server's transient failure. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { it, expect } from 'vitest';
import { FatalError } from '../../../../src/model/run/errors.ts';
import { closeLocation, resolveLocation } from '../../../../src/filesystem/roots/open-location.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import type { Location } from '../../../../src/model/run/location.ts';
import { guardRequiredFile, guardUnchangedRoots } from '../../../../src/engine/roots/guard-roots.ts';
import { type Latfs, withLatfs } from '../../../support/latfs.ts';
import { makeScratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

const settings = { ...DEFAULT_SETTINGS, stateDirectory: '/nonexistent', spoolDirectory: '/nonexistent' };

/** Mounts a root that holds `sentinel` through latfs. */
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
        const guard = () => guardUnchangedRoots({ source: root, destination: root, task });
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
