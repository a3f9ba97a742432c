/** What a JSON Schema of the program's output is made of. */

export type Schema = Readonly<Record<string, unknown>>;

export const COUNT: Schema = { type: 'integer', minimum: 0 };
export const TEXT: Schema = { type: 'string' };

/** All members are required except those named. */
export function object(properties: Schema, { optional = [] }: { optional?: readonly string[] } = {}): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', required, properties };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A path or a name, with its bytes if they are not UTF-8. */
export function name(key: string): Schema {
  return { [key]: TEXT, [`${key}Base64`]: { type: 'string', contentEncoding: 'base64' } };
}

export function optionalNames(...keys: readonly string[]): string[] {
  return keys.flatMap((key) => Object.keys(name(key)));
}

export function countsOf(names: readonly string[]): Schema {
  return Object.fromEntries(names.map((each) => [each, COUNT]));
}
