/** Names that some file systems take for one: by case, by Unicode form, by dots and blanks at the end. */

/**
 * Equal for names that a destination may take for one. Coarser than any file system, as a lookup decides: what it
 * does not know (short names of vfat) is for the guard at the moment of deletion.
 */
export function foldedName(name: string): string {
  if (isAscii(name)) return withoutEnd(name.toLowerCase());
  return decomposed(name).toUpperCase().toLowerCase().replace(IGNORABLE, '');
}

/** Whether two names of one entry differ by Unicode form, dots or blanks at most: a destination may store its own. */
export function differsInFormOnly(name: string, other: string): boolean {
  return decomposed(name) === decomposed(other);
}

/** Soft hyphens, joiners and the like; what is left of a name that is not UTF-8. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\p{Mark}\uFFFD]/gu;

/** The bytes of a latin1 string, read as UTF-8. */
function decomposed(name: string): string {
  return withoutEnd(Buffer.from(name, 'latin1').toString('utf8').normalize('NFKD'));
}

function isAscii(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7f) return false;
  return true;
}

function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}
