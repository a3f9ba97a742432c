/** One unit of Preparing, and what it noted for Verifying. */
import { Fingerprints, readFingerprints, readLeft } from '../../src/engine/context/fingerprints.ts';
import { newFindings } from '../../src/engine/messages/findings.ts';
import type { DirectoryTask } from '../../src/engine/messages/directory-task.ts';
import type { PreparingScope } from '../../src/phases/preparing/preparing-scope.ts';
import { nameHash } from '../../src/policy/compare/fingerprint.ts';
import { keepFingerprints, type ContextChanges, type TwoTrees } from './march-context.ts';

export interface Preparation {
  readonly unit: PreparingScope;
  readonly found: DirectoryTask[];
  readonly fingerprints: Fingerprints;
  /** Ends the fingerprints and returns those of a name. */
  readonly noted: (name: string) => { readonly states: readonly number[]; readonly isLeft: boolean };
}

/** Prepares the directory at that path. */
export function prepare(trees: TwoTrees, path: string, changes: ContextChanges = {}): Preparation {
  const context = trees.context(changes);
  const found: DirectoryTask[] = [];
  const fingerprints = new Fingerprints(context, path);
  let hasEnded = false;
  return {
    unit: { context, findings: newFindings(), largeFiles: [], found: (child) => found.push(child) },
    found,
    fingerprints,
    noted: (name) => {
      if (!hasEnded) fingerprints.end();
      hasEnded = true;
      keepFingerprints(trees, context);
      const spool = trees.spools.fingerprints;
      const key = nameHash(name);
      const [directory] = readFingerprints(spool, new Map([[path, new Set([key])]]));
      return {
        states: directory?.statesByName.get(key) ?? [],
        isLeft: [...readLeft(spool)].some((left) => left.path === path && left.name === key),
      };
    },
  };
}
