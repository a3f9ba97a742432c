/**
 * What holds in each directory of one side where files there have rules of their own. It follows from the path: the
 * directories above are read, too, by whoever has not done so yet.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import type { FilterRule } from '../../model/filter-list.ts';
import { AT_ROOT } from '../../policy/filter/compile-rules.ts';
import { type Filter, rulesFor, type RuleUse } from '../../policy/filter/filter.ts';
import { type Layer, layeredFilter, type Layers } from '../../policy/filter/layered-filter.ts';
import { activate, type ActiveList, readInto, type RulesOfSide } from './active-lists.ts';
import { readRuleFile } from './read-rule-file.ts';

/** A directory that is open, and whether it lists a name. */
export interface SeenDirectory {
  readonly directory: OpenDirectory;
  readonly mayHave: (name: ByteString) => boolean;
}

interface State {
  readonly lists: readonly ActiveList[];
  readonly filter: Filter;
}

/** A directory's ancestors are asked for again and again. */
const MOST_STATES = 4096;

export class DirectoryFilters {
  readonly #side: RulesOfSide;
  readonly #states = new Map<ByteString, State>();
  #layers: Layers = [];

  constructor(side: RulesOfSide) {
    this.#side = side;
  }

  /** @param seen that directory, where it is open @throws SystemError */
  async in(path: ByteString, seen?: SeenDirectory): Promise<Filter> {
    return (await this.#stateOf(path, seen)).filter;
  }

  async #stateOf(path: ByteString, seen?: SeenDirectory): Promise<State> {
    const known = this.#states.get(path);
    // The longest unused is forgotten first.
    if (known !== undefined) this.#states.delete(path);
    const state = known ?? (await this.#derive(path, seen));
    this.#states.set(path, state);
    if (this.#states.size > MOST_STATES) {
      for (const oldest of this.#states.keys()) {
        this.#states.delete(oldest);
        break;
      }
    }
    return state;
  }

  async #derive(path: ByteString, seen: SeenDirectory | undefined): Promise<State> {
    const above = path === '' ? await this.#stateAboveRoot() : await this.#stateOf(parentPath(path));
    const lists = above.lists.map((each) => (each.rule.isInherited ? each : { ...each, layers: [] }));
    let isOwn = above.lists.some(({ rule, layers }) => !rule.isInherited && layers.length > 0);
    // A file may add lists.
    for (let index = 0; index < lists.length; index++) {
      const text = await this.#read(path, lists[index] as ActiveList, seen);
      if (text === undefined) continue;
      isOwn = true;
      await readInto(this.#side, lists, { index, text, directory: path });
    }
    return isOwn ? this.#stateWith(lists) : above;
  }

  async #read(
    path: ByteString,
    { rule, name, isOff }: ActiveList,
    seen: SeenDirectory | undefined,
  ): Promise<string | undefined> {
    if (isOff === true || rule.style.side === otherSide(this.#side)) return undefined;
    if (seen === undefined) {
      return withDirectory(this.#side.root, path, (directory) => readRuleFile(directory, name));
    }
    return seen.mayHave(name) ? readRuleFile(seen.directory, name) : undefined;
  }

  /** Before the first directory is looked into. */
  async #stateAboveRoot(): Promise<State> {
    const { list, use } = this.#side;
    const lists: ActiveList[] = [];
    const layers: Layer[] = [];
    let rules: FilterRule[] = [];
    const place = { ...AT_ROOT, above: use.above };
    for (const rule of list) {
      if (rule.action !== 'merge') {
        rules.push(rule);
        continue;
      }
      layers.push(rulesFor(rules, use, place));
      rules = [];
      const index = await activate(this.#side, lists, { rule, directory: '' });
      if (index !== undefined) layers.push(index);
    }
    layers.push(rulesFor(rules, use, place));
    this.#layers = layers;
    return this.#stateWith(lists);
  }

  #stateWith(lists: readonly ActiveList[]): State {
    return {
      lists,
      filter: layeredFilter(
        this.#layers,
        lists.map(({ layers }) => layers),
        this.#side.use.watcher,
      ),
    };
  }
}

function otherSide({ use }: RulesOfSide): RuleUse['side'] {
  return use.side === 'source' ? 'destination' : 'source';
}
