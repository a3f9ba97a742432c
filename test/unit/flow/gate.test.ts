import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ParentTurns } from '../../../src/flow/gate.ts';

test('a third waits for one of two in the same parent, but not in another', async () => {
  const turns = new ParentTurns();
  const end = new EventEmitter();
  const begun: string[] = [];
  const make = (parent: string, name: string) =>
    turns.use(parent, async () => {
      begun.push(name);
      const [how] = (await once(end, name)) as [string];
      if (how === 'fails') throw new Error(name);
      return name;
    });
  const [first, second] = [make('parent', 'first'), make('parent', 'second')];
  const [third, elsewhere] = [make('parent', 'third'), make('other', 'elsewhere')];
  await nextTurn();
  expect(begun).toEqual(['first', 'second', 'elsewhere']);
  end.emit('second', 'fails');
  await expect(second).rejects.toThrow('second');
  await nextTurn();
  expect(begun).toEqual(['first', 'second', 'elsewhere', 'third']);
  for (const name of ['first', 'third', 'elsewhere']) end.emit(name, 'ends');
  expect(await Promise.all([first, third, elsewhere])).toEqual(['first', 'third', 'elsewhere']);
});
