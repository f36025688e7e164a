import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { decodeEnvelope } from "@fairlead/api/codec/protobuf/decode-envelope";
import { wireFields } from "@fairlead/api/codec/protobuf/read-wire";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { settle } from "@fairlead/lib/clock.testing";
import { WebSocket } from "ws";
import { responseAnswer } from "../answers/answer.ts";
import type { SubresourceHandler } from "../subresources/subresource.ts";
import { type ServedOverTls, serveOverTls } from "../testing/serve-over-tls.testing.ts";
import { sendOverWebSocket } from "./websocket-body.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const LOG = "/api/v1/namespaces/default/pods/p/log?follow=true";

/** A log in two pieces that ends when the client goes. */
const log: SubresourceHandler = {
  groupResource: "pods",
  name: "log",
  isLong: true,
  async handle({ request }) {
    return responseAnswer({
      status: 200,
      headers: { "content-type": "text/plain" },
      body: (async function* () {
        yield Buffer.from("one\n");
        yield Buffer.from("\u00e9\n");
        if (request.signal !== undefined) await once(request.signal, "abort");
      })(),
    });
  },
};

interface Frame {
  readonly data: string;
  readonly isBinary: boolean;
}

interface Connection {
  readonly webSocket: WebSocket;
  /** The next message. */
  next(): Promise<Frame>;
}

async function connect(
  t: TestContext,
  { port, jane }: ServedOverTls,
  path: string,
  protocols: string[] = [],
): Promise<Connection> {
  const webSocket = new WebSocket(`wss://127.0.0.1:${port}${path}`, protocols, jane);
  t.after(() => webSocket.terminate());
  const frames: Frame[] = [];
  let wake = () => {};
  webSocket.on("message", (data: Buffer, isBinary) => {
    frames.push({ data: data.toString(), isBinary });
    wake();
  });
  await once(webSocket, "open");
  return {
    webSocket,
    async next() {
      while (frames.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return frames.shift() ?? { data: "", isBinary: false };
    },
  };
}

test("a watch over a WebSocket: one text message for each event", async (t) => {
  const served = await serveOverTls(t);
  const client = served.api.client();
  const named = (name: string) => client.create(configMapKind, { metadata: { name, namespace: "default" } });
  await named("a");
  await named("b");
  const { next, webSocket } = await connect(t, served, `${MAPS}?watch=1`);
  const event = async () => {
    const { data, isBinary } = await next();
    assert.equal(isBinary, false);
    const { type, object } = JSON.parse(data);
    return `${type} ${object.metadata.name}`;
  };
  assert.deepEqual([await event(), await event()], ["ADDED a", "ADDED b"]);
  // What a client sends means nothing.
  webSocket.send("hello");
  await named("c");
  await client.delete(configMapKind, { name: "a", namespace: "default" });
  assert.deepEqual([await event(), await event()], ["ADDED c", "DELETED a"]);
});

test("a watch over a WebSocket: one subprotocol is granted, whatever it is, and the end is an orderly one", async (t) => {
  const served = await serveOverTls(t);
  const { webSocket } = await connect(t, served, `${MAPS}?watch=true&timeoutSeconds=1`, ["base64.binary.k8s.io"]);
  assert.equal(webSocket.protocol, "base64.binary.k8s.io");
  const [code] = await once(webSocket, "close");
  assert.equal(code, 1000);
});

test("a watch over a WebSocket: a table", async (t) => {
  const served = await serveOverTls(t);
  await served.api.client().create(configMapKind, { metadata: { name: "a", namespace: "default" } });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const webSocket = new WebSocket(`wss://127.0.0.1:${served.port}${MAPS}?watch=1`, {
    ...served.jane,
    headers: { accept },
  });
  t.after(() => webSocket.terminate());
  const [data] = await once(webSocket, "message");
  assert.equal(JSON.parse(String(data)).object.kind, "Table");
});

test("a watch over a WebSocket: protobuf in binary messages", async (t) => {
  const served = await serveOverTls(t);
  await served.api.client().create(configMapKind, { metadata: { name: "a", namespace: "default" } });
  const accept = "application/vnd.kubernetes.protobuf";
  const webSocket = new WebSocket(`wss://127.0.0.1:${served.port}${MAPS}?watch=1`, {
    ...served.jane,
    headers: { accept },
  });
  t.after(() => webSocket.terminate());
  const [data, isBinary] = await once(webSocket, "message");
  assert.equal(isBinary, true);
  const [type, object] = [...wireFields(data)].map(({ bytes = new Uint8Array(0) }) => bytes);
  assert.equal(String(type), "ADDED");
  const [envelope] = [...wireFields(object ?? new Uint8Array(0))].map(({ bytes = new Uint8Array(0) }) => bytes);
  assert.equal(decodeEnvelope(envelope ?? new Uint8Array(0)).kind, "ConfigMap");
});

const logs: readonly { readonly protocols: string[]; readonly want: readonly Frame[] }[] = [
  {
    protocols: [],
    want: ["", "one\n", "\u00e9\n"].map((data) => ({ data, isBinary: true })),
  },
  {
    protocols: ["v9.example.io", "binary.k8s.io"],
    want: ["", "one\n", "\u00e9\n"].map((data) => ({ data, isBinary: true })),
  },
  {
    protocols: ["base64.binary.k8s.io", "binary.k8s.io"],
    want: ["", "b25lCg==", "w6kK"].map((data) => ({ data, isBinary: false })),
  },
];

for (const { protocols, want } of logs) {
  test(`a log over a WebSocket: subprotocols [${protocols.join(" ")}]`, async (t) => {
    const served = await serveOverTls(t, { subresources: [log] });
    await withPod(served);
    const { next } = await connect(t, served, LOG, protocols);
    assert.deepEqual([await next(), await next(), await next()], want);
  });
}

const refused: readonly {
  readonly name: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly want: string;
}[] = [
  {
    name: "subprotocols of a log that are unknown",
    path: LOG,
    headers: { "sec-websocket-protocol": "v9.example.io" },
    want: "403 requested protocol(s) are not supported: [v9.example.io]; supports [ binary.k8s.io base64.binary.k8s.io]",
  },
  {
    name: "two subprotocols of a watch",
    path: `${MAPS}?watch=1`,
    headers: { "sec-websocket-protocol": "a, b" },
    want: "400 a watch takes one subprotocol at most",
  },
  {
    name: "a log of a pod that is not there",
    path: LOG.replace("/p/", "/q/"),
    want: '404 pods "q" not found',
  },
  {
    name: "a selector that cannot be read",
    path: `${MAPS}?watch=1&labelSelector=a%3D%3D%3D`,
    want: "400 ",
  },
  {
    name: "a handshake without a key",
    path: `${MAPS}?watch=1`,
    headers: { "sec-websocket-key": "" },
    want: "400 ",
  },
];

for (const { name, path, headers, want } of refused) {
  test(`refused in the place of a WebSocket: ${name}`, async (t) => {
    const served = await serveOverTls(t, { subresources: [log] });
    await withPod(served);
    const { status, body } = await plain(served, path, headers);
    const message = body.startsWith("{") ? JSON.parse(body).message : body.trimEnd();
    assert.ok(`${status} ${message}`.startsWith(want), `${status} ${message}`);
  });
}

const ignored: readonly (readonly [name: string, path: string, headers: Record<string, string>])[] = [
  ["a list", MAPS, {}],
  ["another protocol", MAPS, { upgrade: "h2c", connection: "Upgrade, HTTP2-Settings" }],
  ["a document", "/version", {}],
];

for (const [name, path, headers] of ignored) {
  test(`an upgrade that leads nowhere is ignored: ${name}`, async (t) => {
    const served = await serveOverTls(t);
    assert.equal((await plain(served, path, headers)).status, 200);
  });
}

test("a client that reads nothing loses its connection when it is cut off", { timeout: 10_000 }, async (t) => {
  const [socket, unread] = duplexPair();
  t.after(() => unread.destroy());
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const incoming = { method: "GET", headers } as IncomingMessage;
  const tooSlow = new AbortController();
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(64 * 1024);
    } finally {
      isClosed = true;
    }
  }
  const response = { status: 200, headers: {}, body: endless(), cutOff: tooSlow.signal };
  const sending = sendOverWebSocket(response, "bytes", { incoming, socket, head: Buffer.alloc(0) });
  await settle();
  tooSlow.abort();
  await sending;
  assert.equal(socket.destroyed, true);
  assert.equal(isClosed, true);
});

async function withPod({ api }: ServedOverTls): Promise<void> {
  const metadata = { name: "p", namespace: "default" };
  await api.client().create(podKind, { metadata, spec: { containers: [{ name: "c", image: "i" }] } });
}

/** Asks for a WebSocket and gets an ordinary answer. */
async function plain({ port, jane }: ServedOverTls, path: string, headers: Record<string, string> = {}) {
  const handshake = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const options = { host: "127.0.0.1", port, path, agent: false, ...jane };
  const sent = https.request({ ...options, headers: { ...handshake, ...headers } }).end();
  const [response] = await once(sent, "response");
  return { status: Number(response.statusCode), body: await text(response) };
}
