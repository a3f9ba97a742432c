/** The JSON Schema of task files, with which editors complete and check them. */
import { OPTION_KEYS, OWN_KEYS, schemaOf, type JsonSchema } from './keys.ts';
import { dataSyncSchema } from './data-sync.ts';

export function taskSchema(): JsonSchema {
  const own = OWN_KEYS.map(({ name, description, schema }) => [name, { description, ...schema }] as const);
  const options = Array.from(OPTION_KEYS, ([key, declaration]) => [key, schemaOf(declaration)] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A task of efs-sync',
    type: 'object',
    required: ['source', 'destination'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries([...own, ...options]),
      ...dataSyncSchema(),
    },
  };
}
