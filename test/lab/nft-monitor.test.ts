/** What the monitor of the packet filter reports, with the kernel's own events. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { startNftMonitor } from "../../src/nftables/kernel/nft-monitor.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  test("deleted tables are reported, and no changes within tables", { timeout: 60_000 }, async () => {
    const nft = (commands: string) => execFileSync("nft", [commands]);
    await using monitor = startNftMonitor({ log: silentLogger, clock: systemClock });
    let reports = 0;
    let reported = Promise.withResolvers<void>();
    monitor.onTablesDeleted(() => {
      reports += 1;
      reported.resolve();
    });
    // Until the monitor listens, nothing is heard.
    for (let i = 0; reports === 0; i++) {
      nft(`add table ip probe${i}; delete table ip probe${i}`);
      await Promise.race([reported.promise, systemClock.sleep(50)]);
    }
    reported = Promise.withResolvers();
    reports = 0;
    nft("add table ip t; add set ip t s { type ipv4_addr; }; add chain ip t c; add rule ip t c ip daddr @s accept");
    // With a rule, the monitor forgets the sets in it, and warns of each of their elements from then on.
    nft("flush chain ip t c");
    for (let i = 1; i <= 20; i++) nft(`add element ip t s { 10.0.0.${i} }`);
    nft("delete table ip t");
    await reported.promise;
    // All that it says is read then.
    await monitor.stop();
    assert.equal(reports, 1);
  });
}
