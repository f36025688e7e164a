import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { freePort } from "@fairlead/lib/free-port.testing";
import { silentLogger } from "@fairlead/lib/log";
import { startTcpServer } from "./tcp-server.ts";

const QUERIES = 2_000;
const ANSWER_BYTES = 60_000;

test("a client that does not read its answers is not answered without end, and gets all when it reads", async (t) => {
  let asked = 0;
  const port = await freePort();
  const respond = () => {
    asked += 1;
    return new Uint8Array(ANSWER_BYTES);
  };
  const server = await startTcpServer({ address: "127.0.0.1", port }, respond, silentLogger);
  t.after(() => server.stop());
  const client = connect(port, "127.0.0.1");
  t.after(() => client.destroy());
  client.pause();
  client.write(Buffer.concat(Array.from({ length: QUERIES }, () => Buffer.from([0, 2, 7, 7]))));
  for (let before = -1; before !== asked || asked === 0; ) {
    before = asked;
    for (let turn = 0; turn < 1_000; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(asked < QUERIES / 2, `${asked} answers wait for a client that reads none`);

  let readBytes = 0;
  client.on("data", (data) => {
    readBytes += data.length;
    if (readBytes === QUERIES * (ANSWER_BYTES + 2)) client.emit("read all");
  });
  const readAll = once(client, "read all");
  client.resume();
  await readAll;
  assert.equal(asked, QUERIES);
});

test("a connection is closed when its client says nothing, and kept while it asks", async (t) => {
  const port = await freePort();
  // Longer than this process waits for a processor on a busy machine.
  const idleMs = 1_000;
  const respond = () => new Uint8Array([1, 2]);
  const server = await startTcpServer({ address: "127.0.0.1", port }, respond, silentLogger, { idleMs });
  t.after(() => server.stop());
  const client = connect(port, "127.0.0.1");
  t.after(() => client.destroy());
  const startMs = performance.now();
  while (performance.now() < startMs + 2 * idleMs) {
    client.write(Buffer.from([0, 2, 7, 7]));
    await once(client, "data");
  }
  await once(client, "close");
});
