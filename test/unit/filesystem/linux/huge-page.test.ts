import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateHugePage, HUGE_PAGE_BYTES } from '../../../../src/filesystem/linux/huge-page.ts';

/** What proc(5) calls `hg`: the kernel was advised to use huge pages. */
function advisedMappings(): number {
  const flags = readFileSync('/proc/self/smaps', 'latin1').match(/^VmFlags:.*/gm) ?? [];
  return flags.filter((line) => line.includes(' hg ')).length;
}

it('is memory of its size that the kernel was advised of', () => {
  const before = advisedMappings();
  const page = allocateHugePage();
  expect(advisedMappings()).toBe(before + 1);
  expect(page.fill(1)).toHaveLength(HUGE_PAGE_BYTES);
});
