/** `--backup`, `--backup-dir`, `--suffix`: what becomes of names that are replaced or deleted, as in rsync. */
import type { BackupRule } from '../../model/settings.ts';
import type { Options } from './options.ts';

type BackupOptions = Pick<Options, 'backup' | 'backupDir' | 'suffix'>;

const DEFAULT_SUFFIX = '~';

/** Undefined: nothing is kept. As in rsync, `--suffix` alone asks for no backups. */
export function resolveBackup({ backup, backupDir, suffix }: BackupOptions): BackupRule | undefined {
  if (backup !== true && backupDir === undefined) return undefined;
  const directory = backupDir === '' ? undefined : backupDir;
  return Object.freeze({ directory, suffix: suffix ?? (backupDir === undefined ? DEFAULT_SUFFIX : '') });
}

export function backupContradictions({
  backup,
  backupDir,
  suffix,
  inplace,
}: BackupOptions & Pick<Options, 'inplace'>): [boolean, string][] {
  const isBeside = backupDir === undefined || backupDir === '';
  const isGiven = backup === true || backupDir !== undefined;
  return [
    [
      backupDir === '' && (suffix ?? '') === '',
      '--backup-dir: backups in the destination itself need names of their own: give another directory, or a --suffix',
    ],
    [
      isBeside && suffix === '',
      '--suffix is empty, so backups would have the names of the files: give a suffix, or a --backup-dir',
    ],
    [
      backup === false && backupDir !== undefined,
      '--backup-dir keeps what is replaced and --no-backup does not: use only one of them',
    ],
    [
      isGiven && inplace === true,
      '--inplace writes into the file that --backup would keep: use only one of them',
    ],
  ];
}
