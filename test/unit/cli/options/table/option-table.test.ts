/** Rules of the table that no type holds: options have the names that commander makes, and each has an effect. */
import { Option } from 'commander';
import { expect, test } from 'vitest';
import type { Options } from '../../../../../src/cli/options/options.ts';
import { resolvePresentation, resolveSettings } from '../../../../../src/cli/options/resolve-settings.ts';
import { attributeOf, nameOf } from '../../../../../src/cli/options/table/option-declaration.ts';
import { OPTIONS } from '../../../../../src/cli/options/table/option-table.ts';
import { runFilesOf } from '../../../../../src/cli/execute.ts';
import { PATIENT } from '../../../../support/patience.ts';

const ENVIRONMENT = { variables: { HOME: '/nonexistent' }, uid: 1000 };

/** Read by the commands themselves. */
const OF_COMMANDS = ['scan', 'for', 'forget', 'printConfig'];

test.each(OPTIONS.map(({ flags }) => flags))('%s is named as commander names it', (flags) => {
  const option = new Option(flags);
  expect({ key: nameOf(flags), attribute: attributeOf(flags) }).toEqual({
    key: option.name(),
    attribute: option.attributeName(),
  });
});

test('no two options have the same flag', () => {
  const flags = OPTIONS.flatMap((option) => option.flags.replace(/ [<[].*/, '').split(', '));
  expect(flags.filter((flag, index) => flags.indexOf(flag) !== index)).toEqual([]);
});

test('every option has an effect', async () => {
  const read = new Set<string>();
  const options = new Proxy<Options>({}, { get: (_, name) => void read.add(String(name)) });
  const line = { command: 'sync', source: 'a', destination: 'b', filters: [], given: [] } as const;
  await resolveSettings({ ...line, options }, ENVIRONMENT, PATIENT);
  resolvePresentation('sync', options);
  runFilesOf(options);
  const attributes = OPTIONS.filter(({ isFilter }) => !isFilter).map(({ flags }) => attributeOf(flags));
  const unread = attributes.filter((name) => !read.has(name));
  expect(unread.toSorted()).toEqual(OF_COMMANDS.toSorted());
});
