import { readRouteTable } from "@fairlead/lib/route-table";
import { runCommand } from "@fairlead/lib/run-command";
import type { Family } from "@fairlead/nftables/words/ruleset";
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
  /**
   * As {@link applyRoutes}; does nothing while neither the wanted routes nor the routing tables have changed. The first
   * such call after a write reads the routes.
   */
  apply(family: Family, wanted: readonly Route[]): Promise<number>;
}

/** The kernel's routes. */
export interface RouteProgram {
  /** Returns those that are ours. */
  read(family: Family): Promise<readonly Route[]>;
  /** @param commands - As {@link routeCommands} returns them. */
  write(family: Family, commands: readonly string[]): Promise<void>;
}

/** What the kernel had after the last call. */
interface Known {
  readonly routes: readonly Route[];
  /** False after a write: a route may have been deleted before the table was read. */
  readonly isRead: boolean;
  readonly table: string;
}

/** @param readTable - Returns a text that changes with the main routing tables. */
export function createRouteWriter(readTable: () => Promise<string>, ip: RouteProgram = ipProgram): RouteWriter {
  const known = new Map<Family, Known>();
  return {
    async apply(family, wanted) {
      const table = await readTable();
      const last = known.get(family);
      const assumed = last?.table === table ? routeCommands(last.routes, wanted) : undefined;
      const isSure = assumed !== undefined && (assumed.length > 0 || last?.isRead === true);
      const commands = isSure ? assumed : routeCommands(await ip.read(family), wanted);
      known.delete(family);
      if (commands.length > 0) await ip.write(family, commands);
      known.set(family, {
        routes: wanted,
        isRead: commands.length === 0,
        table: commands.length === 0 ? table : await readTable(),
      });
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
