/** Random trees and random changes to them, for fast-check to make and to shrink. */
import fc from 'fast-check';
import { dir, fifo, file, socket, symlink } from '../support/tree.ts';
import type { Metadata, NamedNode, Node } from '../support/tree.ts';

export type Mutation = Readonly<Record<string, unknown>>;

/** A few common names, so that the sides often collide, and any other bytes. */
const anyName = fc
  .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 24 })
  .map((bytes) => String.fromCharCode(...bytes))
  .filter((name) => !name.includes('/') && name !== '.' && name !== '..');
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', '-x') },
  { weight: 1, arbitrary: anyName },
);

const SECOND = 1_000_000_000n;
/** Even times leave odd ones for changes of the mtime alone. The range is ext4's, 1901 to 2446. */
const evenTimeNs = fc
  .bigInt({ min: -1_000_000_000n * SECOND, max: 7_000_000_000n * SECOND })
  .map((half) => half * 2n);

const asRoot = process.getuid?.() === 0;
const mode = fc.oneof(
  fc.constantFrom(0o644, 0o755, 0o600),
  fc.integer({ min: asRoot ? 0 : 0o700, max: 0o7777 }),
);
const id = fc.constantFrom(0, 1, 1000, 65_535, 4_294_967_294);
const owner: fc.Arbitrary<Metadata> = asRoot ? fc.record({ uid: id, gid: id }) : fc.constant({});

function withOwner(arbitrary: fc.Arbitrary<Metadata>): fc.Arbitrary<Metadata> {
  return fc.tuple(arbitrary, owner).map(merged);
}

function merged([metadata, ids]: readonly [Metadata, Metadata]): Metadata {
  return { ...metadata, ...ids };
}

const metadata = withOwner(fc.record({ mode, mtimeNs: evenTimeNs }));
const linkMetadata = withOwner(fc.record({ mtimeNs: evenTimeNs }));

/**
 * Content depends only on size and mtime, so files that pass the quick check are equal. Any difference is
 * then the sync's fault.
 */
function contentOf(sizeBytes: number, mtimeNs: bigint): Buffer {
  return Buffer.alloc(sizeBytes, `${mtimeNs}/`);
}

const sizeBytes = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(4095, 4096, 4097, 70_000, 1_100_000) },
);
const anyFile = fc
  .tuple(sizeBytes, metadata)
  .map(([size, meta]) => file(contentOf(size, meta.mtimeNs ?? 0n), meta));
const leaf: fc.Arbitrary<Node> = fc.oneof(
  { weight: 6, arbitrary: anyFile },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(name, fc.constant('../a')), linkMetadata)
      .map(([to, meta]) => symlink(to, meta)),
  },
  { weight: 1, arbitrary: metadata.map((meta) => fifo(meta)) },
  { weight: 1, arbitrary: metadata.map((meta) => socket(meta)) },
);

const { nodes } = fc.letrec<{ nodes: NamedNode[]; node: Node }>((tie) => ({
  nodes: fc.uniqueArray(fc.tuple(name, tie('node')), { maxLength: 6, selector: ([key]) => key }),
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.tuple(tie('nodes'), metadata).map(([below, meta]) => dir(below, meta)) },
  ),
}));

const pick = fc.nat(1000);
const link = fc.record({ action: fc.constant('link'), pick, into: pick, name });

function change(adjustment: fc.Arbitrary<Metadata>): fc.Arbitrary<Mutation> {
  return fc.oneof(
    fc.record({ action: fc.constant('write'), into: pick, name, node: leaf }),
    fc.record({ action: fc.constantFrom('remove', 'append', 'separate'), pick }),
    fc.record({ action: fc.constant('rename'), pick, into: pick, name }),
    fc.record({ action: fc.constant('adjust'), pick, meta: withOwner(adjustment) }),
    link,
  );
}

const oddTimeNs = evenTimeNs.map((even) => even + 1n);

const sourceChange = change(fc.record({ mode, mtimeNs: oddTimeNs }));
const destinationChange = change(fc.record({ mode }));
const flip = fc.record({ action: fc.constant('flip'), pick, into: pick });

/** Trees of at most three levels. */
export const anyTree: fc.Arbitrary<NamedNode[]> = nodes;
/** Hard links, which a generated tree does not have. */
export const anyLinks: fc.Arbitrary<Mutation[]> = fc.array(link, { maxLength: 4 });
export const sourceChanges: fc.Arbitrary<Mutation[]> = fc.array(sourceChange, { maxLength: 6 });
export const destinationChanges: fc.Arbitrary<Mutation[]> = fc.array(destinationChange, { maxLength: 6 });
/** Corruption that keeps size and mtime. */
export const flips: fc.Arbitrary<Mutation[]> = fc.array(flip, { maxLength: 3 });

const extended = fc.constantFrom<Metadata>(
  { xattrs: { 'user.a': '1' } },
  { xattrs: { 'user.a': '2', 'user.b': '' } },
  { xattrs: { 'trusted.t': '1' } },
  { acl: 'u:1000:rwx' },
  { acl: 'g:1:r' },
);
const attribute = fc.record({ action: fc.constant('attribute'), pick, meta: extended });
/** Extended attributes and ACLs, which a generated tree does not have. */
export const attributes: fc.Arbitrary<Mutation[]> = fc.array(attribute, { maxLength: 3 });
