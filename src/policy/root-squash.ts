/** What to do where root is denied something: no local file system does that, a server does. */
import type { Side } from '../model/task.ts';

/** EPERM: to read what is another's, or to give files away. */
const DENIALS = new Set(['EACCES', 'EPERM']);

export function isDenial(code: string): boolean {
  return DENIALS.has(code);
}

/** One sentence for however many paths. */
export function squashAdvice(side: Side): string {
  const finding = `the server of the ${side} denies root what root may do: its export squashes root, it seems (root_squash, all_squash)`;
  const cure = 'export it to this machine with no_root_squash and mount it again';
  const onEfs =
    side === 'source'
      ? ''
      : '; on Amazon EFS, allow elasticfilesystem:ClientRootAccess, without an access point that enforces a user';
  return `${finding}; ${cure}${onEfs}`;
}
