/** What programs compile against: the declarations of everything that the package exports. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as api from '../../src/api/index.ts';

const DIST = new URL('../../dist/', import.meta.url);

interface Exported {
  readonly name: string;
  readonly file: URL;
}

function textOf(file: URL): string {
  return readFileSync(file, 'utf8').replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '');
}

function exportsOf(barrel: URL): Exported[] {
  const clauses = textOf(barrel).matchAll(/^export (?:type )?\{([^}]*)\} from '([^']*)\.ts';$/gm);
  return Array.from(clauses, ([, names = '', module = '']) => ({
    names,
    file: new URL(`${module}.d.ts`, barrel),
  }))
    .flatMap(({ names, file }) =>
      names.split(',').map((name) => ({ name: name.trim().replace(/^type /, ''), file })),
    )
    .filter(({ name }) => name !== '')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Each declaration begins at the margin. */
function declarationOf({ name, file }: Exported): string {
  const declared = new RegExp(`^export (declare )?(const|class|enum|function|interface|type) ${name}\\b`);
  const declaration = textOf(file)
    .split(/^(?=[a-z])/m)
    .find((each) => declared.test(each));
  if (declaration === undefined) throw new Error(`${file.pathname} does not declare ${name}`);
  return declaration;
}

const declarations = exportsOf(new URL('api/index.d.ts', DIST)).map(declarationOf);

test('the declarations of the API have not changed', async () => {
  await expect(declarations.join('\n')).toMatchFileSnapshot('public-api.txt');
});

test('the API has exactly the values that it declares', () => {
  const declared = declarations.flatMap((each) => /^export declare \w+ (\w+)/.exec(each)?.slice(1) ?? []);
  expect(Object.keys(api).toSorted()).toEqual(declared.toSorted());
});
