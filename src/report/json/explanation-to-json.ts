/** `efs-sync why --json`: an object for each path. */
import { differenceNames, type JsonObject, nameToJson } from './json-parts.ts';
import { displayText } from '../../model/display-name.ts';
import { kindOf, permissionsOf } from '../../model/entry.ts';
import type { EntryFacts, Explanation, Reason } from '../../model/run/explanation.ts';
import type { FilterRule } from '../../model/filter-list.ts';
import { placedRuleText } from '../../policy/filter/rule-text.ts';

export function explanationToJson({ path, decision, reasons, source, destination }: Explanation): JsonObject {
  return {
    event: 'explanation',
    ...nameToJson('path', path),
    decision,
    ...(source && { source: factsToJson(source) }),
    ...(destination && { destination: factsToJson(destination) }),
    reasons: reasons.map(reasonToJson),
  };
}

function factsToJson({ mode, uid, gid, sizeBytes, mtimeSec, mtimeNsec }: EntryFacts): JsonObject {
  const permissions = permissionsOf({ mode }).toString(8).padStart(4, '0');
  return { kind: kindOf(mode), mode: permissions, uid, gid, sizeBytes, mtimeSec, mtimeNsec };
}

function reasonToJson(reason: Reason): JsonObject {
  const { at, why } = reason;
  const told = { why, ...nameToJson('at', at) };
  switch (reason.why) {
    case 'rule':
      return { ...told, effect: reason.effect, ...ruleToJson(reason.rule) };
    case 'tag':
      return { ...told, side: reason.side, ...nameToJson('name', reason.name) };
    case 'taken':
      return { ...told, ...nameToJson('takenFor', reason.takenFor) };
    case 'below root':
      return { ...told, ...nameToJson('meant', reason.meant) };
    case 'differences':
      return { ...told, differences: differenceNames(reason.differences) };
    case 'failed':
      return { ...told, side: reason.side, code: reason.code, reason: displayText(reason.reason) };
    default: {
      const { at: _at, ...others } = reason;
      return { ...told, ...others };
    }
  }
}

function ruleToJson(rule: FilterRule): JsonObject {
  const { action, pattern, from } = rule;
  const place =
    from === undefined || 'option' in from
      ? { option: from?.option ?? action }
      : { ...nameToJson('file', from.file), line: from.line, ...(from.side && { side: from.side }) };
  return { rule: placedRuleText(rule), action, ...nameToJson('pattern', pattern), ...place };
}
