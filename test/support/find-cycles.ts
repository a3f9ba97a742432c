/** Every import cycle once, as the path that closes it. */
type Graph = ReadonlyMap<string, readonly string[]>;

export function findCycles(graph: Graph): string[][] {
  const finished = new Set<string>();
  const trail: string[] = [];
  const cycles: string[][] = [];

  function visit(node: string): void {
    const at = trail.indexOf(node);
    if (at >= 0) cycles.push([...trail.slice(at), node]);
    if (at >= 0 || finished.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    finished.add(node);
  }

  for (const node of graph.keys()) visit(node);
  return cycles;
}
