/** Writes two JSON Schemas beside the program: of task files, for editors, and of reports. */
import { writeFileSync } from 'node:fs';
import { reportSchema } from '../dist/report/json/report-schema.js';
import { taskSchema } from '../dist/cli/task-file/json-schema.js';

const schemas = { 'task.schema.json': taskSchema(), 'report.schema.json': reportSchema() };

for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../dist/${name}`, import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`);
}
