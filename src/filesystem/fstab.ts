/** What /etc/fstab says is to be mounted somewhere: fstab(5). */
import { readFile } from 'node:fs/promises';
import { unescapeField } from './mounts.ts';

/** What belongs at that mount point; undefined: nothing that fstab knows. Latin1. */
export async function mountedByFstab(mountPoint: string, file = '/etc/fstab'): Promise<string | undefined> {
  for (const line of (await readText(file)).split('\n')) {
    const [source = '', place = ''] = line.trim().split(/\s+/);
    if (!source.startsWith('#') && unescapeField(place) === mountPoint) return unescapeField(source);
  }
  return undefined;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    // Containers have none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
