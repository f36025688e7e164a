import { readKernelFile } from "./read-kernel-file.ts";

const TABLES = ["/proc/self/net/route", "/proc/self/net/ipv6_route"] as const;

/**
 * Returns a text that changes with the main routing tables of this process's network namespace: an inexpensive check
 * before `ip` is run. Rules and other tables are not in it.
 */
export async function readRouteTable(): Promise<string> {
  const [ipv4 = "", ipv6 = ""] = TABLES.map((file) => readKernelFile(file));
  return `${ipv4}\n${withoutCounters(ipv6)}`;
}

/** Columns of `/proc/net/ipv6_route` that count references and uses: they change without a change of the route. */
const [REFERENCES, USES] = [6, 7];

/** Returns `/proc/net/ipv6_route` without its counters. */
export function withoutCounters(ipv6Routes: string): string {
  return ipv6Routes
    .split("\n")
    .map((line) =>
      line
        .trim()
        .split(/\s+/)
        .toSpliced(REFERENCES, USES - REFERENCES + 1)
        .join(" "),
    )
    .join("\n");
}
