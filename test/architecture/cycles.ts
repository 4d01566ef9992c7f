/** Finds circles of imports. A folder and the files beside it are siblings: what lies inside a folder counts as the folder. */
import path from "node:path";

/** `from` imports `to`; both are paths with `/`, relative to the same root. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/**
 * Between the siblings of every folder imports lead one way only, so between files too: a circle of files is one of the
 * siblings that hold them.
 *
 * @returns one line per circle: the siblings in order, each with the import that leads to the next.
 */
export function findCycles(imports: readonly Import[]): string[] {
  const levels = new Map<string, Map<string, Map<string, Import>>>();
  for (const edge of imports) {
    const from = edge.from.split("/");
    const to = edge.to.split("/");
    const depth = from.findIndex((part, at) => part !== to[at]);
    if (depth < 0) continue;
    const siblings = getOrAdd(levels, from.slice(0, depth).join("/"), () => new Map());
    const targets = getOrAdd(siblings, nameAt(from, depth), () => new Map());
    getOrAdd(targets, nameAt(to, depth), () => edge);
  }
  return [...levels]
    .sort()
    .flatMap(([folder, graph]) => findCircles(graph).map((circle) => format(folder, circle)));
}

type Graph = ReadonlyMap<string, ReadonlyMap<string, Import>>;

/** A folder ends with `/`, so that it is told from a file. */
function nameAt(parts: readonly string[], depth: number): string {
  return depth === parts.length - 1 ? parts[depth]! : `${parts[depth]}/`;
}

/** A shortest circle through each sibling, every circle once. */
function findCircles(graph: Graph): Import[][] {
  const found = new Map<string, Import[]>();
  for (const start of [...graph.keys()].sort()) {
    const circle = findCircle(graph, start);
    if (circle === undefined) continue;
    const key = circle
      .map(({ from, to }) => `${from} ${to}`)
      .sort()
      .join("\n");
    if (!found.has(key)) found.set(key, circle);
  }
  return [...found.values()];
}

/** Breadth first from `start` until it is met again. */
function findCircle(graph: Graph, start: string): Import[] | undefined {
  const cameBy = new Map<string, readonly Import[]>([[start, []]]);
  for (const [name, trail] of cameBy) {
    for (const [next, edge] of graph.get(name) ?? []) {
      if (next === start) return [...trail, edge];
      if (!cameBy.has(next)) cameBy.set(next, [...trail, edge]);
    }
  }
  return undefined;
}

function format(folder: string, circle: readonly Import[]): string {
  const inFolder = (file: string) => path.posix.relative(folder, file);
  const steps = circle.map(({ from, to }) => `${inFolder(from)} imports ${inFolder(to)}`);
  return `${folder || "."}: ${steps.join(", ")}`;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const value = create();
  map.set(key, value);
  return value;
}
