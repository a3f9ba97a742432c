/** Writes the JSON Schemas of task files, which editors read, and of reports beside the program. */
import { writeFileSync } from 'node:fs';
import { reportSchema } from '../dist/cli/format/report-schema.js';
import { taskSchema } from '../dist/cli/task-file/json-schema.js';

const schemas = { 'task.schema.json': taskSchema(), 'report.schema.json': reportSchema() };

for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../dist/${name}`, import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`);
}
