import type { Clock } from "@fairlead/lib/clock";
import type { DnsConfig } from "./config/dns-config.ts";
import type { Resolvers } from "./forward/resolvers.ts";

/** Time that questions under way have when another configuration takes the place of theirs, in milliseconds. */
const RETIRE_MS = 10_000;

/** The configuration in force. */
export interface Settings {
  readonly config: DnsConfig;
  readonly resolvers: Resolvers;
  /** Goes up with every change. */
  readonly generation: number;
  /** Whether any query is logged. */
  readonly logsQueries: boolean;
}

export interface MutableSettings extends Settings {
  /** Puts another configuration in force. Questions under way are answered by the one that they began with. */
  apply(config: DnsConfig): void;
  close(): void;
}

/** @param start - Opens the resolvers of a configuration. */
export function createSettings(
  first: DnsConfig,
  start: (config: DnsConfig) => Resolvers,
  clock: Clock,
): MutableSettings {
  const ending = new AbortController();
  let config = first;
  let resolvers = start(first);
  let generation = 0;
  let logsQueries = logsAny(first);
  return {
    get config() {
      return config;
    },
    get resolvers() {
      return resolvers;
    },
    get generation() {
      return generation;
    },
    get logsQueries() {
      return logsQueries;
    },
    apply(next) {
      const old = resolvers;
      resolvers = start(next);
      config = next;
      generation += 1;
      logsQueries = logsAny(next);
      void clock
        .sleep(RETIRE_MS, ending.signal)
        .catch(() => {})
        .then(() => old.close());
    },
    close() {
      ending.abort(new Error("The server was stopped"));
      resolvers.close();
    },
  };
}

function logsAny({ servers }: DnsConfig): boolean {
  return servers.some(({ logs }) => logs.length > 0);
}
