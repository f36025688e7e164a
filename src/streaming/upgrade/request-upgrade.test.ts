import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { grantUpgrade, refuseUpgrade } from "./answer-upgrade.ts";
import { requestUpgrade } from "./request-upgrade.ts";
import { listedValues, negotiate, upgradeProtocol } from "./upgrade-protocol.ts";

async function server(t: TestContext, onUpgrade: (request: IncomingMessage, socket: Duplex) => void): Promise<number> {
  const http = createServer().on("upgrade", onUpgrade);
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  t.after(() => http.close());
  return (http.address() as AddressInfo).port;
}

const asked = { host: "127.0.0.1", method: "POST", path: "/stream?a=1" };
const headers = { Connection: "Upgrade", Upgrade: "SPDY/3.1", "X-Stream-Protocol-Version": ["b", "a"] };

test("an upgrade that is granted gives the connection, and what came with the answer", async (t) => {
  let seen: string[] = [];
  const port = await server(t, (request, socket) => {
    seen = [request.url ?? "", ...(request.headersDistinct["x-stream-protocol-version"] ?? [])];
    grantUpgrade(socket, [
      ["Upgrade", "SPDY/3.1"],
      ["Connection", "Upgrade"],
      ["X-Stream-Protocol-Version", "a"],
    ]);
    socket.end("early");
  });
  const answer = await requestUpgrade({ ...asked, port, headers, socket: connect(port, "127.0.0.1") });
  assert.ok(answer.upgraded);
  assert.deepEqual(seen, ["/stream?a=1", "b", "a"]);
  assert.ok(answer.headers.some(([name, value]) => name === "X-Stream-Protocol-Version" && value === "a"));
  answer.socket.unshift(answer.head);
  assert.equal(await text(answer.socket), "early");
  answer.socket.destroy();
});

test("a refusal is an answer with its text", async (t) => {
  const port = await server(t, (_, socket) => refuseUpgrade(socket, 403, "text/plain", "not you"));
  const answer = await requestUpgrade({ ...asked, port, headers });
  assert.ok(!answer.upgraded);
  assert.equal(answer.status, 403);
  assert.equal(answer.body.toString(), "not you");
});

test("a refused connection and a silent server are errors", async (t) => {
  await assert.rejects(requestUpgrade({ ...asked, port: 1, headers }), { code: "ECONNREFUSED" });
  const silent: Duplex[] = [];
  const port = await server(t, (_, socket) => silent.push(socket));
  await assert.rejects(requestUpgrade({ ...asked, port, headers, timeoutMs: 50 }), /no answer from .* within 50 ms/);
  for (const socket of silent) socket.destroy();
});

const protocols: [string | undefined, string | undefined][] = [
  ["SPDY/3.1", "spdy"],
  ["websocket", "websocket"],
  ["WebSocket", "websocket"],
  ["h2c", undefined],
  [undefined, undefined],
];
for (const [header, want] of protocols) {
  test(`upgradeProtocol: ${header} is ${want}`, () => assert.equal(upgradeProtocol(header), want));
}

test("protocols are offered on one line or on many, and the client's order counts", () => {
  assert.deepEqual(listedValues(["a, b", "c,"]), ["a", "b", "c"]);
  assert.equal(negotiate(["x", "b", "a"], ["a", "b"]), "b");
  assert.equal(negotiate(["x"], ["a"]), undefined);
});
