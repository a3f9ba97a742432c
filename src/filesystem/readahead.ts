/** How far ahead the kernel reads on a mount: /sys/class/bdi. */
import { readFile } from 'node:fs/promises';

const HIGH = 2 ** 32;

/** `kb` undefined: the file system has no readahead of its own, or none that can be read. @param device major * 2^32 + minor */
export async function readReadahead(device: number): Promise<{ kb: number | undefined; file: string }> {
  const file = `/sys/class/bdi/${Math.floor(device / HIGH)}:${device % HIGH}/read_ahead_kb`;
  try {
    return { kb: Number(await readFile(file, 'latin1')), file };
  } catch {
    // None for most file systems; and what cannot be read is no reason to check nothing else.
    return { kb: undefined, file };
  }
}
