/** `efs-sync why`: a path, what would be done about it, and below that a line for each reason. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { kindOf } from '../../model/entry.ts';
import type { Decision, Explanation } from '../../model/run/explanation.ts';
import { differenceLines } from './difference-lines.ts';
import { reasonText } from './reason-text.ts';
import { pathText } from './sentences.ts';

const NOTE_ON_DIRECTORIES = 'what is in it is decided path by path';

export function explanationText(explanation: Explanation): Shown {
  const { path, reasons } = explanation;
  const lines = reasons.flatMap((reason) =>
    reason.why === 'differences'
      ? differenceLines(explanation, reason.differences)
      : [reason.at === path ? reasonText(reason) : `${placeOf(reason.at)}: ${reasonText(reason)}`],
  );
  const notes = isOfDirectory(explanation) ? [NOTE_ON_DIRECTORIES] : [];
  const head = `${pathText(path)}: ${decisionText(explanation)}`;
  return `${[head, ...[...lines, ...notes].map((line) => `  ${line}`)].join('\n')}\n`;
}

function placeOf(at: ByteString): Shown {
  return at === '' ? 'the root' : displayName(at);
}

function decisionText(explanation: Explanation): string {
  const { source } = explanation;
  if (explanation.decision === 'copy' && source !== undefined && kindOf(source.mode) === 'directory')
    return 'would be made';
  return DECISIONS[explanation.decision];
}

const DECISIONS: Readonly<Record<Decision, string>> = {
  copy: 'would be copied',
  'copy again': 'would be copied again',
  adjust: 'its metadata would be set',
  none: 'nothing to do',
  'leave out': 'left out',
  delete: 'would be deleted from the destination',
  keep: 'only the destination has it, where it stays',
  missing: 'neither the source nor the destination has it',
  unknown: 'cannot be told',
};

/** What would be done is of the directory itself. */
function isOfDirectory({ decision, source, destination }: Explanation): boolean {
  const entry = source ?? destination;
  const isItself = ['copy', 'adjust', 'none', 'delete'].includes(decision);
  return isItself && entry !== undefined && kindOf(entry.mode) === 'directory';
}
