/**
 * Options that select paths, that control how they are compared and deleted, and that say which metadata to
 * preserve; and rsync's letters for the defaults.
 */
import { DEFAULT_SETTINGS } from '../../../model/settings.ts';
import { abbreviation, option, type OptionGroup } from './option-declaration.ts';
import {
  parsePath,
  parsePathAtDestination,
  parseSuffix,
  parseTagName,
  DELETE_LIMIT,
  PRESERVE_LIST,
  SIZE,
  parseText,
  WINDOW,
} from './option-values.ts';

export const COMPARING = {
  heading: 'What to transfer and delete:',
  options: [
    option('-c, --checksum', 'compare files by content, not by size and modification time', {
      setting: 'checksum',
    }),
    option('--size-only', 'compare files by size alone', { setting: 'sizeOnly' }),
    option('-I, --ignore-times', 'copy every file, even of the same size and modification time', {
      setting: 'ignoreTimes',
    }),
    option('-@, --modify-window <SECONDS>', 'let modification times differ by so much; -1: not at all', {
      ...WINDOW,
      setting: 'modifyWindowSec',
    }),
    abbreviation('-u, --update', 'keep files that are newer at the destination (--overwrite=older)'),
    abbreviation('--ignore-existing', 'keep what already exists at the destination (--overwrite=never)'),
    option('--existing', 'create nothing new at the destination', { setting: 'existingOnly' }),
    option('--overwrite <WHICH>', 'overwrite existing files: always, never, or only older ones', {
      choices: ['always', 'never', 'older'],
      standard: DEFAULT_SETTINGS.overwrite,
    }),
    option('--delete', 'delete files that exist only at the destination'),
    option('--delete-excluded', 'also delete excluded paths at the destination; implies --delete', {
      setting: 'deleteExcluded',
    }),
    option('--max-delete <N|P%>', 'delete nothing if more than N paths (or P percent) would be deleted', {
      ...DELETE_LIMIT,
      setting: 'deleteLimit',
    }),
    option('--track-renames', 'rename files that only moved, instead of copying them; needs --delete', {
      setting: 'trackRenames',
    }),
    option('-b, --backup', 'keep each file that is replaced or deleted, as NAME~'),
    option('--backup-dir <DIR>', 'keep them below DIR, which counts from the destination; implies --backup', {
      parse: parsePathAtDestination,
      isInDestination: true,
    }),
    option(
      '--suffix <SUFFIX>',
      'end the names of backups with SUFFIX (default: ~, with --backup-dir nothing)',
      {
        parse: parseSuffix,
      },
    ),
    option('--force', 'let a non-directory replace a non-empty directory without --delete', {
      setting: 'force',
    }),
  ],
} satisfies OptionGroup;

export const SELECTING = {
  heading: 'Which paths to sync:',
  options: [
    option('--exclude <PATTERN>', 'skip paths that match', { isFilter: true }),
    option('--include <PATTERN>', 'sync paths that match, even if a later pattern excludes them', {
      isFilter: true,
    }),
    option('--exclude-from <FILE>', 'read exclude patterns from FILE', { isFilter: true }),
    option('--include-from <FILE>', 'read include patterns from FILE', { isFilter: true }),
    option('-f, --filter <RULE>', "add a rule of rsync's filter language", { isFilter: true }),
    option('-C, --cvs-exclude', 'skip what CVS ignores, also by .cvsignore files'),
    option('--exclude-if-present <NAME>', 'skip directories that hold something of this name', {
      parse: parseTagName,
      isRepeatable: true,
      setting: 'excludeIfPresent',
    }),
    option('--exclude-caches', 'skip directories that a CACHEDIR.TAG marks as caches', {
      setting: 'excludeCaches',
    }),
    option('--files-from <FILE>', 'sync only the paths listed in FILE', { parse: parsePath }),
    option('-R, --relative', 'keep the path of the source, or what follows /./ in it, at the destination'),
    option('-0, --from0', 'lines in the files above end with a NUL byte', { setting: 'from0' }),
    option('-m, --prune-empty-dirs', 'skip directories that hold nothing but directories', {
      setting: 'pruneEmptyDirectories',
    }),
    option('--safe-links', 'skip symbolic links that lead out of the source', { setting: 'safeLinks' }),
    option('-L, --copy-links', 'copy what symbolic links of the source point to, not the links', {
      setting: 'copyLinks',
    }),
    option('-k, --copy-dirlinks', 'copy the directories that symbolic links of the source point to', {
      setting: 'copyDirectoryLinks',
    }),
    option('--copy-unsafe-links', 'copy what symbolic links that lead out of the source point to', {
      setting: 'copyUnsafeLinks',
    }),
    option('--max-size <SIZE>', 'skip files larger than SIZE', { ...SIZE, setting: 'maxSizeBytes' }),
    option('--min-size <SIZE>', 'skip files smaller than SIZE', { ...SIZE, setting: 'minSizeBytes' }),
    option('-x, --one-file-system', 'do not cross into other file systems', { setting: 'oneFileSystem' }),
  ],
} satisfies OptionGroup;

/** Options for metadata, and rsync's letters for the defaults. */
export const METADATA = {
  heading: 'What to preserve:',
  options: [
    option(
      '--preserve <LIST>',
      'any of owner, uid, gid, mode, mtime, atime, xattr, acl, devices, specials, all, none',
      PRESERVE_LIST,
    ),
    option('--chown <USER:GROUP>', 'give everything to this user, this group, or both'),
    option(
      '--usermap <MAP>',
      'map users: FROM:TO,... with names, ids, ranges or wildcards; may be repeated',
      {
        parse: parseText,
        isRepeatable: true,
      },
    ),
    option('--groupmap <MAP>', 'map groups in the same way', { parse: parseText, isRepeatable: true }),
    option('--chmod <MODES>', 'change the modes that are copied: D755,F644, u=rwX,go=rX; may be repeated', {
      parse: parseText,
      isRepeatable: true,
    }),
    option('-O, --omit-dir-times', 'do not keep the times of directories', {
      setting: 'omitDirectoryTimes',
    }),
    option('-J, --omit-link-times', 'do not keep the times of symbolic links', { setting: 'omitLinkTimes' }),
    abbreviation('-A, --acls', 'also preserve ACLs', { preserves: ['acl'] }),
    abbreviation('-X, --xattrs', 'also preserve extended attributes', { preserves: ['xattr'] }),
    abbreviation('-U, --atimes', 'also preserve access times', { preserves: ['atime'] }),
    // Declared after -D, as --devices and --specials override it.
    abbreviation('-D', 'also preserve devices and specials', { preserves: ['devices', 'specials'] }),
    abbreviation('--devices', 'also preserve devices', { preserves: ['devices'] }),
    abbreviation('--specials', 'also preserve FIFOs and sockets', { preserves: ['specials'] }),
  ],
} satisfies OptionGroup;

export const RSYNC = {
  heading: 'Accepted for rsync compatibility (already the default):',
  options: [
    abbreviation('-a, --archive', '-rlptgoD'),
    abbreviation('-r, --recursive', 'with --files-from: also sync the contents of listed directories', {
      setting: 'filesFromRecursive',
    }),
    abbreviation('-l, --links', 'symbolic links are always kept', {
      always: 'symbolic links are always kept; leave them out with --exclude',
    }),
    abbreviation('-t, --times', 'also preserve mtime', { preserves: ['mtime'] }),
    abbreviation('-p, --perms', 'also preserve mode', { preserves: ['mode'] }),
    abbreviation('-o, --owner', 'also preserve uid', { preserves: ['uid'] }),
    abbreviation('-g, --group', 'also preserve gid', { preserves: ['gid'] }),
    abbreviation('-H, --hard-links', 'hard links are always kept', { always: 'hard links are always kept' }),
    abbreviation('-W, --whole-file', 'files are always copied whole', {
      always: 'files are always copied whole',
    }),
    abbreviation('--numeric-ids', 'ids are never mapped by name'),
    abbreviation('-h, --human-readable', 'sizes are always human-readable; alone: --help', {
      always: 'sizes are always human-readable; --json and --report=FILE.json have bytes',
    }),
  ],
} satisfies OptionGroup;
