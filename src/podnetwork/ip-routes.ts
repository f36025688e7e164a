import { readRouteTable } from "../lib/route-table.ts";
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
  return await createRouteWriter(readRouteTable).apply(family, wanted);
}

/** Writes routes, and starts `ip` only for what has to be read or written. */
export interface RouteWriter {
  /** As {@link applyRoutes}; does nothing while neither the wanted routes nor the routing tables have changed. */
  apply(family: Family, wanted: readonly Route[]): Promise<number>;
}

/** The kernel's routes. */
export interface RouteProgram {
  /** Returns those that are ours. */
  read(family: Family): Promise<readonly Route[]>;
  /** @param commands - As {@link routeCommands} returns them. */
  write(family: Family, commands: readonly string[]): Promise<void>;
}

/** @param readTable - Returns a text that changes with the main routing tables. */
export function createRouteWriter(readTable: () => Promise<string>, ip: RouteProgram = ipProgram): RouteWriter {
  const written = new Map<Family, { readonly routes: readonly Route[]; readonly table: string }>();
  return {
    async apply(family, wanted) {
      const last = written.get(family);
      const current = last?.table === (await readTable()) ? last.routes : await ip.read(family);
      const commands = routeCommands(current, wanted);
      written.delete(family);
      if (commands.length > 0) await ip.write(family, commands);
      written.set(family, { routes: wanted, table: await readTable() });
      return commands.length;
    },
  };
}

const ipProgram: RouteProgram = {
  async read(family) {
    return parseRoutes(
      await runCommand("ip", [option(family), "-j", "route", "show", "proto", String(ROUTE_PROTOCOL)]),
    );
  },
  async write(family, commands) {
    await runCommand("ip", [option(family), "-force", "-batch", "-"], { input: `${commands.join("\n")}\n` });
  },
};

function option(family: Family): string {
  return family === "ip6" ? "-6" : "-4";
}
