import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { MachineAddresses } from "./own-addresses.ts";

/** What this process's network namespace has. Without IPv4's default route none is known: it decides between devices only. */
export async function readAddresses(): Promise<MachineAddresses> {
  const addresses = Object.entries(networkInterfaces()).flatMap(([device, all = []]) =>
    all.map(({ address, cidr }) => ({ address, prefixLength: Number(cidr?.split("/")[1] ?? 0), device })),
  );
  return { addresses, defaultDevice: defaultDeviceOf(routeTable()) };
}

/** Read at once: the kernel answers from memory, and a detour over the thread pool would cost ten times as much. */
function routeTable(): string {
  try {
    return readFileSync("/proc/net/route", "utf8");
  } catch {
    return "";
  }
}

/** Reads proc(5)'s table of routes: device, destination, gateway, flags and more, numbers in hexadecimal. */
function defaultDeviceOf(table: string): string | undefined {
  const rows = table.split("\n").slice(1);
  const columns = rows.map((row) => row.split(/\s+/));
  return columns.find(([, destination, , , , , , mask]) => destination === "00000000" && mask === "00000000")?.[0];
}
