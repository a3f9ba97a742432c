/** Writes the JSON Schema of task files, which editors read, beside the program. */
import { writeFileSync } from 'node:fs';
import { taskSchema } from '../dist/cli/task-file/json-schema.js';

const file = new URL('../dist/task.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(taskSchema(), undefined, 2)}\n`);
