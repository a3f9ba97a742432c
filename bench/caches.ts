/** Cold caches: what a run from cron finds when the last one was hours ago. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';
import type { Contender, Places } from './scenario.ts';

export function canDropCaches(beforeRun: string | undefined): boolean {
  return beforeRun !== undefined || process.getuid?.() === 0;
}

/**
 * Everything, also what the NFS client knows. Then the contender copies one file elsewhere: programs are
 * read from the local disk, and that is not what is measured.
 */
export function dropCaches(contender: Contender, places: Places, beforeRun: string | undefined): void {
  runCommand('sync');
  if (beforeRun === undefined) writeFileSync('/proc/sys/vm/drop_caches', '3');
  else runCommand('sh', '-c', beforeRun);
  const source = `${places.scratch}/warm-source`;
  const destination = `${places.scratch}/warm-destination`;
  mkdirSync(source);
  mkdirSync(destination);
  writeFileSync(`${source}/file`, 'warm');
  for (const command of contender.commands({ ...places, source, destination, files: 1 }))
    runCommand(...command);
}
