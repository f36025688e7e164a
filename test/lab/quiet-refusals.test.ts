/** Which questions to a name server that does not run get no answer, and which get an ICMP refusal. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { startQuietRefusals } from "../../src/dns/own-server/quiet-refusals.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { startNftMonitor } from "../../src/nftables/kernel/nft-monitor.ts";
import { createNftShell } from "../../src/nftables/kernel/nft-shell.ts";
import { until } from "./lab.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const LIMIT = { timeout: 240_000 };
const MACHINE = "172.30.0.11";
const DNS_PORT = 53;
const OTHER_PORT = 54;

if (insideOwnNamespaces(import.meta.filename)) {
  test(
    "only questions to the machine's own addresses hear nothing: who has no name server knows at once",
    LIMIT,
    async () => {
      execFileSync("ip", ["address", "add", `${MACHINE}/32`, "dev", "lo"]);
      for (const family of [4, 6] as const) {
        const loopback = family === 4 ? "127.0.0.1" : "::1";
        assert.deepEqual(await refused(loopback, family), [DNS_PORT, OTHER_PORT], "nothing has been said yet");
      }
      assert.deepEqual(await refused(MACHINE, 4), [DNS_PORT, OTHER_PORT]);

      await using nft = createNftShell();
      await using nftMonitor = startNftMonitor({ log: silentLogger, clock: systemClock });
      // Nothing is verified periodically during the test.
      const options = { nft, nftMonitor, log: silentLogger, clock: systemClock, verifyIntervalMs: 600_000 };
      await (await startQuietRefusals(options)).stop();
      await using _ = await startQuietRefusals(options); // as when the program is started again

      assert.deepEqual(await refused(MACHINE, 4), [OTHER_PORT]);
      assert.deepEqual(await refused("127.0.0.1", 4), [DNS_PORT, OTHER_PORT]);
      assert.deepEqual(await refused("::1", 6), [DNS_PORT, OTHER_PORT]);

      execFileSync("nft", ["flush", "ruleset"]);
      await until("the rules to be written again", async () =>
        (await refused(MACHINE, 4)).includes(DNS_PORT) ? undefined : true,
      );
    },
  );
}

/** Sends a datagram to both ports, the other one last, and answers which of them are refused once that is. */
async function refused(address: string, family: 4 | 6): Promise<readonly number[]> {
  const heard: number[] = [];
  const ask = async (port: number) => {
    const socket = createSocket(`udp${family}`);
    socket.connect(port, address);
    await once(socket, "connect");
    const refusal = once(socket, "error");
    socket.on("error", () => heard.push(port));
    socket.send("?");
    return { socket, refusal };
  };
  const question = await ask(DNS_PORT);
  const other = await ask(OTHER_PORT);
  await other.refusal;
  await setImmediate(); // A refusal comes in the call that sends, so that of the first is read by now.
  for (const { socket } of [question, other]) socket.close();
  return heard.sort();
}
