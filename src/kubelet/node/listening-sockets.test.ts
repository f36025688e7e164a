import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { parseSockets, readListeningSockets } from "./listening-sockets.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

test("sockets that listen are read, with their addresses; connections are not", () => {
  const lines = [
    "   0: 0100007F:2809 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
    "   1: 00000000:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0",
    "   2: 01001EAC:280A 02001EAC:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0",
  ];
  assert.deepEqual(parseSockets(`${HEAD}${lines.join("\n")}\n`, "TCP"), [
    { protocol: "TCP", address: "127.0.0.1", port: 10_249 },
    { protocol: "TCP", address: "0.0.0.0", port: 10_250 },
  ]);
});

test("sockets of IPv6 and UDP are read", () => {
  const all = "   0: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 0 0 0 0 0";
  const one = "   1: 000000FD00F41000000000000A000000:0035 00000000000000000000000000000000:0000 07 0 0 0 0 0";
  assert.deepEqual(
    parseSockets(`${HEAD}${all}\n${one}\n`, "UDP").map(({ address, port }) => [address, port]),
    [
      ["::", 53],
      ["fd00:0000:0010:f400:0000:0000:0000:000a", 53],
    ],
  );
  assert.deepEqual(parseSockets("", "UDP"), []);
});

test("a socket of this process is among those of its network namespace", async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const found = readListeningSockets().filter(({ protocol, port }) => protocol === "TCP" && port === address.port);
  assert.deepEqual(found, [{ protocol: "TCP", address: "127.0.0.1", port: address.port }]);
});
