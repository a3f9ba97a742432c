/** The options of rsync that efs-sync refuses: why, and what to do instead. */

export interface Refusal {
  /** As rsync's manual has them: `-T, --temp-dir=DIR`. */
  readonly flags: string;
  /** Follows the option in the message. */
  readonly reason: string;
}

const LINKS_KEPT =
  'symbolic links are copied as they are, wherever they point; leave them out with --exclude';
const WHOLE = 'files are always copied whole; leave it out, or use --partial to go on with interrupted files';
const ONE_TREE = 'only the destination itself is compared; leave it out';
const NO_BATCH = 'efs-sync writes no batch files; sync each destination by itself';
const NO_DAEMON = 'efs-sync is no server and talks to none; mount the other side';
const NO_FORMATS = 'the format of the log cannot be chosen; --out-format sets that of the list on the screen';
const DEVICES = 'contents of devices are never copied; use dd(1)';

export const REFUSED: readonly Refusal[] = [
  {
    flags: '--no-implied-dirs, --no-i-d',
    reason: 'directories that lead to a path are made with their metadata; leave it out',
  },
  {
    flags: '-d, --dirs',
    reason: "efs-sync does not have it; --exclude='/*/*' leaves out what is in subdirectories",
  },
  {
    flags: '--old-dirs, --old-d',
    reason: "efs-sync does not have it; --exclude='/*/*' leaves out what is in subdirectories",
  },
  { flags: '--append', reason: WHOLE },
  { flags: '--append-verify', reason: WHOLE },
  {
    flags: '-K, --keep-dirlinks',
    reason:
      'a link at the destination is replaced by the directory; make it a directory, or sync below it by itself',
  },
  { flags: '--munge-links', reason: LINKS_KEPT },
  {
    flags: '--insecure-links',
    reason: 'links of other users are never followed; give the path that they lead to',
  },
  {
    flags: '--confine-root=DIR',
    reason: 'efs-sync does not have it, and never follows links of other users; leave it out',
  },
  { flags: '-E, --executability', reason: 'modes are kept by default, with executability; leave it out' },
  { flags: '--copy-devices', reason: DEVICES },
  { flags: '--write-devices', reason: DEVICES },
  { flags: '-N, --crtimes', reason: 'Linux cannot set the time at which a file was made; leave it out' },
  {
    flags: '--super',
    reason:
      'efs-sync keeps what the system lets it; --preserve=owner,mode,mtime makes a missing owner an error',
  },
  { flags: '--no-super', reason: 'use --no-owner --no-group, and --no-devices with -a' },
  {
    flags: '--fake-super',
    reason: 'efs-sync does not have it; run it as root, or accept the owners that you may set',
  },
  { flags: '--preallocate', reason: 'efs-sync does not have it, and holes are always kept; leave it out' },
  { flags: '--checksum-choice=STR, --cc=STR', reason: 'use --digest=xxh64 or --digest=sha256' },
  {
    flags: '--remove-source-files',
    reason: 'efs-sync never writes to the source; delete there yourself once the copy is verified',
  },
  {
    flags: '--remove-sent-files',
    reason: 'efs-sync never writes to the source; delete there yourself once the copy is verified',
  },
  {
    flags: '--ignore-missing-args',
    reason: 'a path that is not found is always reported; leave it out of the list',
  },
  {
    flags: '--delete-missing-args',
    reason: 'a path that is not found is always reported; delete its copy yourself',
  },
  {
    flags: '--ignore-errors',
    reason: 'nothing is deleted below a directory that cannot be read; mend that first',
  },
  {
    flags: '--partial-dir=DIR',
    reason: 'use --partial: it keeps a partial file beside the file, under a hidden name',
  },
  { flags: '--compare-dest=DIR', reason: ONE_TREE },
  { flags: '--copy-dest=DIR', reason: ONE_TREE },
  {
    flags: '--link-dest=DIR',
    reason:
      'efs-sync keeps no versions of a whole tree; take a snapshot of the destination, or use --backup-dir',
  },
  {
    flags: '--copy-as=USER[:GROUP]',
    reason: 'run efs-sync as that user: sudo -u USER efs-sync SOURCE DESTINATION',
  },
  { flags: '-M, --remote-option=OPT', reason: 'both sides are local; give the option itself' },
  { flags: '--debug=FLAGS', reason: 'efs-sync does not have it; use -v, -i or --json' },
  { flags: '--msgs2stderr', reason: 'append >&2 to the command instead' },
  { flags: '--log-file-format=FMT', reason: NO_FORMATS },
  { flags: '--list-only', reason: 'use -n to list what would be done, or find(1) to list the source' },
  { flags: '--write-batch=FILE', reason: NO_BATCH },
  { flags: '--only-write-batch=FILE', reason: NO_BATCH },
  { flags: '--read-batch=FILE', reason: NO_BATCH },
  { flags: '--iconv=CONVERT_SPEC', reason: 'names are bytes and never converted; use convmv(1)' },
  { flags: '--password-file=FILE', reason: NO_DAEMON },
  { flags: '--early-input=FILE', reason: NO_DAEMON },
  { flags: '--daemon', reason: NO_DAEMON },
  { flags: '--config=FILE', reason: NO_DAEMON },
  { flags: '--dparam=OVERRIDE', reason: NO_DAEMON },
  { flags: '--detach', reason: NO_DAEMON },
  { flags: '--no-detach', reason: NO_DAEMON },
  { flags: '--server', reason: NO_DAEMON },
  { flags: '--sender', reason: NO_DAEMON },
];
