import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import net, { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { sendRequest } from "./send-request.ts";

/** A server that answers any request with these bytes, how to reach it, and when its connection has ended. */
async function startAnswering(t: TestContext, bytes: string) {
  const server = net.createServer((socket) => socket.on("error", () => {}).once("data", () => socket.write(bytes)));
  const sockets = new Set<net.Socket>();
  const closed = new Promise((resolve) =>
    server.on("connection", (socket) => sockets.add(socket.once("close", resolve))),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { ...to(server), closed };
}

function to(server: net.Server) {
  const { port } = server.address() as AddressInfo;
  return { scheme: "http", host: "127.0.0.1", port, connectTimeoutMs: 10_000 } as const;
}

const get = { method: "GET", path: "/", headers: {} };

const unasked = [
  { name: "with its headers", head: "Connection: Upgrade\r\nUpgrade: echo\r\n", protocol: "echo" },
  { name: "without Connection", head: "Upgrade: echo\r\n", protocol: "echo" },
  { name: "without headers", head: "", protocol: "" },
];

for (const { name, head, protocol } of unasked) {
  test(`a 101 without a request to upgrade, ${name}, is an error`, async (t) => {
    const target = await startAnswering(t, `HTTP/1.1 101 Switching Protocols\r\n${head}\r\n`);
    await assert.rejects(sendRequest(get, target), {
      message: `backend tried to switch protocol "${protocol}" when "" was requested`,
    });
    await target.closed;
  });
}

test("a connection that ends before the answer is an error", async (t) => {
  const server = net.createServer((socket) => socket.on("error", () => {}).once("data", () => socket.end()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  await assert.rejects(sendRequest(get, to(server)), { code: "ECONNRESET" });
});

test("each request has a connection of its own, so that none is lost with a connection that was kept", async (t) => {
  let connections = 0;
  const server = createServer((_request, response) => response.end("x")).on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  for (let i = 0; i < 3; i++) assert.equal(await text(await sendRequest(get, to(server))), "x");
  assert.equal(connections, 3);
});
