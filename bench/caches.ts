/** Cold caches: what a run from cron finds when the last one was hours ago. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';
import type { Contender, Places } from './scenario.ts';

export function canDropCaches(beforeRun: string | undefined): boolean {
  return beforeRun !== undefined || process.getuid?.() === 0;
}

/**
 * Drops all caches, even those of the NFS client. Then the contender copies one file elsewhere, because
 * loading the program from the local disk must not be measured.
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
