/** How the upstream that is asked first is chosen, as the forward plugin of CoreDNS has it. */
export type Policy = "random" | "round_robin" | "sequential";

/**
 * Returns the indexes of `count` upstreams in the order in which one question tries them.
 *
 * @param turn - How many questions came before, for `round_robin`.
 * @param random - In [0, 1).
 */
export function upstreamOrder(
  policy: Policy,
  count: number,
  { turn, random }: { readonly turn: number; readonly random: () => number },
): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  switch (policy) {
    case "sequential":
      return all;
    case "round_robin":
      return all.map((index) => (index + turn) % count);
    case "random": {
      for (let last = count - 1; last > 0; last--) {
        const chosen = Math.floor(random() * (last + 1));
        [all[last], all[chosen]] = [all[chosen] ?? 0, all[last] ?? 0];
      }
      return all;
    }
  }
}
