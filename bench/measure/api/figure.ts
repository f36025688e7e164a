import type { Spent } from "./spent.ts";

/** One measured value of one server. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: "more" | "less";
  /** Processor seconds of the server for one operation. Undefined when not measured. */
  readonly server?: number | undefined;
  /** Share of one processor that the clients used. Undefined when not measured. */
  readonly clients?: number;
}

/** Costs of `operations` operations, as a figure has them. */
export function costs(spent: Spent, operations: number): Pick<Figure, "server" | "clients"> {
  const server = spent.server === undefined ? undefined : spent.server / operations;
  return { server, clients: spent.clients / spent.seconds };
}

/**
 * The median of each value over several rounds.
 *
 * @param rounds - The same figures, in the same order, at least once.
 */
export function medianFigures(rounds: readonly (readonly Figure[])[]): readonly Figure[] {
  const [first = []] = rounds;
  return first.map((figure, at) => {
    const all = rounds.map((round) => round[at] ?? figure);
    const clients = median(all.map((f) => f.clients));
    return {
      ...figure,
      value: median(all.map((f) => f.value)) ?? Number.NaN,
      server: median(all.map((f) => f.server)),
      ...(clients !== undefined && { clients }),
    };
  });
}

/** Undefined unless all values are known. The mean of the two in the middle of an even number. */
function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (known.length < values.length) return undefined;
  const [low, high] = [known[(known.length - 1) >> 1], known[known.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
