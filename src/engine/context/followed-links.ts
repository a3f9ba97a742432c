/** `-L`, `-k`, `--copy-unsafe-links`: which symbolic links of the source are followed. */
import type { Root } from '../../filesystem/root.ts';
import { followLinks } from '../../linux/following-calls.ts';
import { followSomeLinks } from '../../linux/following-some-calls.ts';
import type { Settings } from '../../model/settings.ts';
import { isUnsafeLink } from '../../policy/unsafe-link.ts';

export function withFollowedLinks(source: Root, settings: Settings): Root {
  const { copyLinks, copyDirectoryLinks, copyUnsafeLinks } = settings;
  if (copyLinks) return { ...source, linux: followLinks(source.linux) };
  if (!copyDirectoryLinks && !copyUnsafeLinks) return source;
  const isUnsafe = copyUnsafeLinks ? isUnsafeLink : undefined;
  return { ...source, linux: followSomeLinks(source, { toDirectories: copyDirectoryLinks, isUnsafe }) };
}

/** Undefined: no link is followed. */
export function followingOption(settings: Settings): string | undefined {
  if (settings.copyLinks) return '--copy-links';
  if (settings.copyDirectoryLinks) return '--copy-dirlinks';
  return settings.copyUnsafeLinks ? '--copy-unsafe-links' : undefined;
}
