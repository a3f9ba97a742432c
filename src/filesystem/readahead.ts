/** How far ahead the kernel reads on a mount: /sys/class/bdi. */
import { readFile } from 'node:fs/promises';

const HIGH = 2 ** 32;

/** `kb` undefined: the file system has no readahead of its own. @param device major * 2^32 + minor */
export async function readReadahead(device: number): Promise<{ kb: number | undefined; file: string }> {
  const file = `/sys/class/bdi/${Math.floor(device / HIGH)}:${device % HIGH}/read_ahead_kb`;
  try {
    return { kb: Number(await readFile(file, 'latin1')), file };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kb: undefined, file };
    throw error;
  }
}
