/** Verifying trusts no cache of a remote side: it asks the server for metadata, and drops cached content. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { targetsOf } from './call-target.ts';
import { record, setStage } from './case.ts';
import { Faults, type Fault } from './faults.ts';
import { SCENARIOS } from './scenarios.ts';
import { startShell } from './shell.ts';

/** From linux/stat.h and linux/fadvise.h. */
const AT_STATX_FORCE_SYNC = 0x2000;
const POSIX_FADV_DONTNEED = 4;

/** Notes which paths asked the server, and which were dropped from the cache before they were read. */
class Watching extends Faults {
  readonly asked = new Set<string>();
  readonly dropped = new Set<string>();
  readonly readUndropped = new Set<string>();

  override next(call: string, args: readonly unknown[]): Fault | undefined {
    if (this.phase === 'verifying') this.#note(call, args);
    return super.next(call, args);
  }

  #note(call: string, args: readonly unknown[]): void {
    const [path = ''] = targetsOf(call, args);
    if (call === 'statx' && (Number(args[2]) & AT_STATX_FORCE_SYNC) !== 0) this.asked.add(path);
    if (call === 'posix_fadvise' && args[3] === POSIX_FADV_DONTNEED) this.dropped.add(path);
    if (call === 'pread' && !this.dropped.has(path)) this.readUndropped.add(path);
  }
}

const REMOTE_SCENARIOS = SCENARIOS.filter(({ name }) => name === 'verify, remote' || name === 'copy, remote');

describeWith(['root', 'setfacl', 'user xattrs', 'memory file system'], 'remote sides', () => {
  it.each(REMOTE_SCENARIOS)('$name: everything verified comes from the server', async (scenario) => {
    const shell = startShell();
    const directory = mkdtempSync(join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-server-'));
    const stage = await setStage(scenario, join(directory, 'stage'), shell);
    const watched = new Watching();
    await record(stage, watched);
    const paths = [...(await readTree(stage.source)).entries()];
    for (const root of [stage.source, stage.destination]) {
      const at = ([path]: (typeof paths)[number]) => join(root, path);
      expect(paths.map(at).filter((path) => !watched.asked.has(path))).toEqual([]);
      const files = paths.filter(([, { kind }]) => kind === 'file').map(at);
      expect(files.filter((path) => !watched.dropped.has(path))).toEqual([]);
    }
    expect([...watched.readUndropped]).toEqual([]);
    shell.end();
  });
});
