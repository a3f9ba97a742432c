/** Counts what a scan remarks, and keeps the first few examples: a tree may have millions. */
import { MOST_EXAMPLES, type Example, type RemarkKind, type Remarks } from '../model/preflight-results.ts';

export type RemarksByKind = Partial<Record<RemarkKind, Remarks>>;

export const NO_REMARKS: Remarks = { count: 0, examples: [] };

export function addRemark(all: RemarksByKind, kind: RemarkKind, example: Example): void {
  addRemarks(all, kind, { count: 1, examples: [example] });
}

export function addRemarks(all: RemarksByKind, kind: RemarkKind, more: Remarks): void {
  const { count, examples } = all[kind] ?? NO_REMARKS;
  all[kind] = {
    count: count + more.count,
    examples:
      examples.length < MOST_EXAMPLES ? examples.concat(more.examples).slice(0, MOST_EXAMPLES) : examples,
  };
}
