/** Follows the directories that lead to a path, each as Preparing visits it, and says what is decided and why. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Decision, EntryFacts, Explanation, Reason } from '../../model/run/explanation.ts';
import type { Entry } from '../../model/entry.ts';
import { readEntry } from '../../filesystem/entry-stat.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, lastName, parentPath } from '../../filesystem/root.ts';
import { isGone, isNoDirectory, SystemError } from '../../linux/system-error.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { ROOT_TASK, type DirectoryTask } from '../../engine/messages/directory-task.ts';
import { concludeDirectory } from './conclude-directory.ts';
import { concludeName } from './conclude-name.ts';
import { look, type Seen } from './look.ts';
import type { Conclusion } from './conclusion.ts';

/** @param path empty: the roots */
export async function explainPath(context: WorkerContext, path: ByteString): Promise<Explanation> {
  const explanation = await follow(context, path);
  if (explanation.decision !== 'delete' || !(await isSourceEmpty(context))) return explanation;
  const others = explanation.reasons.filter(({ why }) => why !== 'delete' && why !== 'delete limit');
  return { ...explanation, decision: 'keep', reasons: [...others, { at: path, why: 'empty source' }] };
}

/** Then a sync refuses all deletions, as `guardEmptySource` has it. */
async function isSourceEmpty(context: WorkerContext): Promise<boolean> {
  const { settings } = context;
  if (!settings.delete || settings.onlyBelow !== undefined) return false;
  const { taking } = await look(context, ROOT_TASK, undefined);
  if (taking === undefined) return false;
  const { directories, others, incomplete } = taking.source.listing;
  return incomplete === undefined && directories.length + others.length === 0;
}

async function follow(context: WorkerContext, path: ByteString): Promise<Explanation> {
  const reasons: Reason[] = [];
  let task: DirectoryTask = ROOT_TASK;
  for (const name of path === '' ? [] : path.split('/')) {
    const at = childPath(task.path, name);
    const seen = await look(context, task, name);
    const concluded = await concludeName(context, seen, {
      task,
      name,
      at,
      path,
      isHidden: isHidden(reasons),
    });
    reasons.push(...concluded.reasons);
    if (concluded.next === undefined) {
      const decision = await decisionFor(context, { path, at, decision: concluded.decision, reasons });
      return explanationOf(context, path, { decision, reasons }, at === path ? seen : undefined);
    }
    task = concluded.next;
  }
  const seen = await look(context, task, undefined);
  // What is open in its place is no directory of the user's.
  if (path === '' && context.setup.destination.creation === 'planned') delete seen.destination;
  const concluded = concludeDirectory(context, seen, { task, isHidden: isHidden(reasons) });
  return explanationOf(context, path, { ...concluded, reasons: [...reasons, ...concluded.reasons] }, seen);
}

function isHidden(reasons: readonly Reason[]): boolean {
  return reasons.some(
    (reason) => reason.why === 'tag' || (reason.why === 'rule' && reason.effect === 'hides'),
  );
}

function explanationOf(
  { rule }: WorkerContext,
  path: ByteString,
  { decision, reasons }: Conclusion,
  seen?: Pick<Seen, 'source' | 'destination'>,
): Explanation {
  const source = seen?.source && { ...factsOf(seen.source), ...wantedOf(seen.source, rule) };
  return { path, decision, reasons, source, destination: seen?.destination && factsOf(seen.destination) };
}

/** What decides may be above the path, which is there or not. */
async function decisionFor(
  context: WorkerContext,
  { path, at, decision, reasons }: Conclusion & { readonly path: ByteString; readonly at: ByteString },
): Promise<Decision> {
  if (decision === 'missing' && isHidden(reasons)) {
    return (await isAnywhere(context, path)) ? 'leave out' : decision;
  }
  if (at === path || decision === 'unknown') return decision;
  return (await isAnywhere(context, path)) ? decision : 'missing';
}

async function isAnywhere(context: WorkerContext, path: ByteString): Promise<boolean> {
  for (const side of ['source', 'destination'] as const) {
    try {
      await withDirectory(context[side], parentPath(path), (directory) =>
        readEntry(directory, lastName(path)),
      );
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // It may be there.
      if (!isGone(error) && !isNoDirectory(error)) return true;
    }
  }
  return false;
}

function factsOf({ mode, uid, gid, sizeBytes, mtimeSec, mtimeNsec }: Entry): EntryFacts {
  return { mode, uid, gid, sizeBytes, mtimeSec, mtimeNsec };
}

function wantedOf(source: Entry, { wantedOwner }: WorkerContext['rule']): Pick<EntryFacts, 'uid' | 'gid'> {
  const { uid = source.uid, gid = source.gid } = wantedOwner(source);
  return { uid, gid };
}
