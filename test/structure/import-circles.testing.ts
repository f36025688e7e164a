/** Files, and the files that each of them imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Returns circles of imports, each as its files in the order of the imports: `a.ts` imports `b.ts`, which imports `a.ts`.
 * Empty exactly when no file imports itself, directly or through others. Files outside the graph are ignored.
 *
 * Circles that share an import are not all listed: breaking one shows the next.
 */
export function importCircles(graph: ImportGraph): string[][] {
  const left = new Map([...graph].map(([file, imports]) => [file, new Set(imports.filter((to) => graph.has(to)))]));
  const circles: string[][] = [];
  for (;;) {
    removeEnds(left);
    const [start] = left.keys();
    if (start === undefined) return circles;
    const circle = follow(left, start);
    circles.push(circle);
    left.get(circle.at(-1) ?? start)?.delete(circle[0] ?? start);
  }
}

/** Removes the files that import nothing which is left, until each one left imports another: it leads into a circle. */
function removeEnds(left: Map<string, Set<string>>): void {
  for (;;) {
    const ends = [...left].filter(([, imports]) => imports.size === 0).map(([file]) => file);
    if (ends.length === 0) return;
    for (const end of ends) left.delete(end);
    for (const imports of left.values()) for (const end of ends) imports.delete(end);
  }
}

/** Follows first imports from `start` to the first file that is met again. */
function follow(left: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] {
  const way: string[] = [];
  for (let file: string | undefined = start; file !== undefined; [file] = left.get(file) ?? []) {
    const seen = way.indexOf(file);
    if (seen !== -1) return way.slice(seen);
    way.push(file);
  }
  throw new Error(`Every file that is left imports another: ${way.join(" -> ")}`);
}
