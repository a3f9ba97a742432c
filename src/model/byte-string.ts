/**
 * Two encodings of text, which the compiler keeps apart: what is shown is never called, and what is called is never
 * shown. Plain strings, such as literals, may be either.
 */
declare const encoding: unique symbol;

/** A name, a path or a link's target: latin1, one character a byte, as calls take it. `displayName` shows it. */
export type ByteString = string & { readonly [encoding]?: 'bytes' };

/** For people to read. */
export type Shown = string & { readonly [encoding]?: 'shown' };
