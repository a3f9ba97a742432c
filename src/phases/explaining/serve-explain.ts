/** The worker's side of `efs-sync why`. */
import type { ExplainResult, ExplainUnit } from '../../engine/messages/units.ts';
import { newFindings } from '../../engine/messages/findings.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import type { Explanation } from '../../model/run/explanation.ts';
import { explainPath } from './explain-path.ts';

export async function serveExplain(context: WorkerContext, { paths }: ExplainUnit): Promise<ExplainResult> {
  const explanations: Explanation[] = [];
  for (const path of paths) {
    explanations.push(await explainPath(context, path));
    // Told as a reason, where it is one.
    context.spared.splice(0);
  }
  return { unit: 'explain', findings: newFindings(), explanations };
}
