import type { Backend, Backends } from "./backends.ts";

/** Which backend a client had last. */
export interface LastChoice {
  readonly backend: Backend;
  readonly atMs: number;
}

export interface Choice {
  /** Backends that have just refused the same connection. */
  readonly refused: readonly Backend[];
  /** Of the same client's connection before. */
  readonly last?: LastChoice | undefined;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Any of the backends, or the one that the client had, where a Service keeps clients; undefined when there is none. */
export function chooseBackend({ list, affinitySeconds }: Backends, choice: Choice): Backend | undefined {
  const open = list.filter((backend) => !choice.refused.some((refused) => isSame(refused, backend)));
  const { last, nowMs } = choice;
  if (affinitySeconds !== undefined && last !== undefined && nowMs - last.atMs < affinitySeconds * 1000) {
    const kept = open.find((backend) => isSame(backend, last.backend));
    if (kept !== undefined) return kept;
  }
  return open[Math.floor(choice.random * open.length)];
}

function isSame(a: Backend, b: Backend): boolean {
  return a.namespace === b.namespace && a.pod === b.pod && a.port === b.port;
}
