/**
 * Describes trees for tests: the content of a source or a destination. Names are latin1, one character per
 * byte.
 */

export interface Metadata {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeNs?: bigint;
  readonly atimeNs?: bigint;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** In the form of setfacl(1): `u:1000:rwx`. */
  readonly acl?: string;
  readonly defaultAcl?: string;
}

export interface Content {
  readonly kind: 'file';
  /** Offset and base64 content of each range of data; everything between is a hole. */
  readonly extents: readonly (readonly [offset: number, content: string])[];
  readonly sizeBytes?: number;
}

export type Node = Metadata &
  (
    | Content
    | { readonly kind: 'directory'; readonly nodes: readonly NamedNode[] }
    | { readonly kind: 'symlink'; readonly linkTarget: string }
    | { readonly kind: 'fifo' | 'socket' }
    | { readonly kind: 'character device' | 'block device'; readonly major: number; readonly minor: number }
    /** Another name of `leader`, a path from the root of the tree. */
    | { readonly kind: 'hard link'; readonly leader: string }
  );

export type NamedNode = readonly [name: string, node: Node];

/** A record for most trees; pairs where names are computed. */
export type Tree = Readonly<Record<string, Node>> | readonly NamedNode[];

export function namedNodes(tree: Tree): readonly NamedNode[] {
  return Array.isArray(tree) ? (tree as readonly NamedNode[]) : Object.entries(tree as Record<string, Node>);
}

export function file(content: string | Buffer = '', metadata: Metadata = {}): Node {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return { kind: 'file', extents: [[0, bytes.toString('base64')]], ...metadata };
}

export function sparse(sizeBytes: number, data: readonly [number, string][], metadata: Metadata = {}): Node {
  const extents = data.map(
    ([offset, text]) => [offset, Buffer.from(text, 'latin1').toString('base64')] as const,
  );
  return { kind: 'file', extents, sizeBytes, ...metadata };
}

export function dir(tree: Tree = {}, metadata: Metadata = {}): Node {
  return { kind: 'directory', nodes: namedNodes(tree), ...metadata };
}

export function symlink(linkTarget: string, metadata: Metadata = {}): Node {
  return { kind: 'symlink', linkTarget, ...metadata };
}

export function hardLink(leader: string): Node {
  return { kind: 'hard link', leader };
}

export function fifo(metadata: Metadata = {}): Node {
  return { kind: 'fifo', ...metadata };
}

export function socket(metadata: Metadata = {}): Node {
  return { kind: 'socket', ...metadata };
}

export function device(kind: 'character device' | 'block device', numbers: [number, number]): Node {
  return { kind, major: numbers[0], minor: numbers[1] };
}

/** The latin1 form of a name typed as text. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
