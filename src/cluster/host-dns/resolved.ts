import { ExpectedError } from "@fairlead/lib/expected-error";
import { CommandError, runCommand } from "@fairlead/lib/run-command";
import type { HostDNS } from "./host-names.ts";

/**
 * Has systemd-resolved ask a cluster's DNS for the cluster's names, by settings of the interface to the cluster (resolvectl(1)): they
 * go with the interface, and survive a restart of systemd-resolved.
 *
 * @throws {ExpectedError} when there is no systemd-resolved that runs.
 */
export async function routeNames({ link, server, domains }: HostDNS): Promise<void> {
  await resolvectl("dns", link, server);
  // Names alone: other questions go where they went before.
  await resolvectl("default-route", link, "no");
  for (const protocol of ["llmnr", "mdns", "dnssec", "dnsovertls"]) await resolvectl(protocol, link, "no");
  await resolvectl("domain", link, ...domains.map((domain) => `~${domain}`));
  await resolvectl("flush-caches");
}

/** Takes back what {@link routeNames} has set. */
export async function unrouteNames(link: string): Promise<void> {
  await resolvectl("revert", link);
  await resolvectl("flush-caches");
}

async function resolvectl(...args: readonly string[]): Promise<void> {
  try {
    await runCommand("resolvectl", args);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const why = error.exitCode === undefined ? "resolvectl is missing" : error.stderr.trim();
    throw new ExpectedError(
      `Cannot set the names that this machine asks the cluster for: ${why}. It has to run systemd-resolved: install the package of this name, or see "systemctl status systemd-resolved"`,
    );
  }
}
