import { runCommand } from "../lib/run-command.ts";
import type { Family } from "./cluster-view.ts";
import type { Route } from "./routes.ts";
import { parseRoutes, ROUTE_PROTOCOL, routeCommands } from "./routes.ts";

/**
 * Makes our routes in this process's network namespace the wanted ones, and leaves all others alone.
 *
 * What can be done is done, also when one route is refused.
 *
 * @returns How many changes it took.
 * @throws {CommandError} with what `ip` says of the routes that were refused.
 */
export async function applyRoutes(family: Family, wanted: readonly Route[]): Promise<number> {
  const option = family === "ip6" ? "-6" : "-4";
  const current = parseRoutes(await runCommand("ip", [option, "-j", "route", "show", "proto", String(ROUTE_PROTOCOL)]));
  const commands = routeCommands(current, wanted);
  if (commands.length > 0) {
    await runCommand("ip", [option, "-force", "-batch", "-"], { input: `${commands.join("\n")}\n` });
  }
  return commands.length;
}

/** Writes routes, and skips what is written already without starting `ip`. */
export interface RouteWriter {
  /** As {@link applyRoutes}; does nothing while neither the wanted routes nor the routing tables have changed. */
  apply(family: Family, wanted: readonly Route[]): Promise<number>;
}

/** @param readRouteTable - Returns a text that changes with the main routing tables. */
export function createRouteWriter(readRouteTable: () => Promise<string>, write = applyRoutes): RouteWriter {
  const written = new Map<Family, string>();
  return {
    async apply(family, wanted) {
      const state = async () => JSON.stringify([wanted, await readRouteTable()]);
      if (written.get(family) === (await state())) return 0;
      const changes = await write(family, wanted);
      written.set(family, await state());
      return changes;
    },
  };
}
