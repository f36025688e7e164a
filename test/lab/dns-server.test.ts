/** What a DNS server is sent that only a kernel's packet filter or a program with raw sockets makes. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { startUdpServer } from "../../src/dns/server/udp-server.ts";
import { createLogger } from "../../src/lib/log.ts";
import { runCommand } from "../../src/lib/run-command.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const PORT = 5353;
/** Packets to it come to the server, from port 0. */
const FROM_NOWHERE = 5354;

if (insideOwnNamespaces(import.meta.filename)) {
  test("a question from port 0, where no answer can be sent to, is passed over", { timeout: 240_000 }, async (t) => {
    await runCommand("nft", ["-f", "-"], {
      input: [
        "add table ip test",
        "add chain ip test output { type filter hook output priority 0; }",
        `add rule ip test output udp dport ${FROM_NOWHERE} udp sport set 0 udp dport set ${PORT}`,
        "",
      ].join("\n"),
    });
    const asked: string[] = [];
    const log = createLogger((line) => process.stderr.write(line), { level: "warn" });
    const respond = (bytes: Uint8Array) => {
      asked.push(Buffer.from(bytes).toString());
      return bytes;
    };
    const server = await startUdpServer({ address: "127.0.0.1", port: PORT }, respond, log);
    t.after(() => server.stop());
    const client = createSocket("udp4");
    t.after(() => client.close());
    client.send("nowhere", FROM_NOWHERE, "127.0.0.1");
    client.send("here", PORT, "127.0.0.1");
    const [answer] = await once(client, "message");
    assert.deepEqual([answer.toString(), asked], ["here", ["here"]]);
  });
}
