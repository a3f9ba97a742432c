/** Names of backups. */
import type { ByteString } from '../../model/byte-string.ts';
import type { BackupRule } from '../../model/settings.ts';

/**
 * Whether it is, by its name, a backup beside what it is of. As in rsync, such a name is not extraneous, and no
 * backup is made of it when it is deleted.
 */
export function isBackupName(backup: BackupRule | undefined, name: ByteString): boolean {
  return backup !== undefined && backup.directory === undefined && name.endsWith(backup.suffix);
}

/** Of `notes~`, with the suffix `~`: `notes`. Undefined: it has no such end, or nothing else. */
export function withoutSuffix(name: ByteString, suffix: ByteString): ByteString | undefined {
  if (suffix === '' || name.length <= suffix.length || !name.endsWith(suffix)) return undefined;
  return name.slice(0, -suffix.length);
}
