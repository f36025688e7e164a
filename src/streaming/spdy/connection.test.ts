import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { test } from "node:test";
import { createSpdyConnection, type SpdyConnection } from "./connection.ts";
import type { SpdyStream } from "./stream.ts";

function pair(onStream: (name: string, accept: () => SpdyStream) => void): {
  client: SpdyConnection;
  server: SpdyConnection;
} {
  const [near, far] = duplexPair();
  const server = createSpdyConnection({
    role: "server",
    socket: far,
    onStream: (headers, accept) => onStream(headers.get("streamtype") ?? "", accept),
  });
  return { client: createSpdyConnection({ role: "client", socket: near }), server };
}

const named = (name: string) => new Map([["streamType", name]]);

test("a stream carries bytes both ways, and each side ends on its own", async () => {
  const { client } = pair((_, accept) => {
    const stream = accept();
    stream.on("end", () => stream.end("all of it")).on("data", () => {});
  });
  const stream = await client.createStream(named("stdin"));
  stream.write("question");
  stream.end();
  assert.equal(await text(stream), "all of it");
  client.close();
  assert.equal(await client.closed, undefined);
});

test("a megabyte comes through unchanged while other streams are open", async () => {
  const sent = Buffer.alloc(1_000_000, "0123456789");
  const { client } = pair((_, accept) => {
    const stream = accept();
    stream.pipe(stream);
  });
  const idle = await client.createStream(named("stderr"));
  const stream = await client.createStream(named("stdout"));
  stream.end(sent);
  assert.deepEqual(await buffer(stream), sent);
  idle.destroy();
  client.close();
});

test("a stream whose end comes with more than its reader has taken holds up no other", async () => {
  const [near, fromServer] = duplexPair();
  const [far, fromClient] = duplexPair();
  const accepted = new Map<string, SpdyStream>();
  createSpdyConnection({
    role: "server",
    socket: far,
    onStream: (headers, accept) => accepted.set(headers.get("streamtype") ?? "", accept()),
  });
  const client = createSpdyConnection({ role: "client", socket: near });
  fromServer.pipe(fromClient);
  // What the server sends arrives at once, as a socket that was not read for a moment has it.
  let held: Uint8Array[] | undefined;
  fromClient.on("data", (bytes) => (held === undefined ? fromServer.write(bytes) : held.push(bytes)));
  const [stdout, error] = await Promise.all([
    client.createStream(named("stdout")),
    client.createStream(named("error")),
  ]);
  held = [];
  const sent = Buffer.alloc(600_000, "0123456789");
  await new Promise<void>((done) => accepted.get("stdout")?.end(sent, done));
  fromServer.write(Buffer.concat(held));
  held = undefined;
  accepted.get("error")?.end("that was all");
  assert.deepEqual(await Promise.all([buffer(stdout), text(error)]), [sent, "that was all"]);
  client.close();
});

test("a stream that is not accepted is refused", async () => {
  const { client } = pair(() => {});
  await assert.rejects(client.createStream(named("stdin")), /refused the SPDY stream with status 3/);
  client.close();
});

test("a ping is answered", async () => {
  const { client, server } = pair(() => {});
  await client.ping();
  await server.ping();
  client.close();
});

test("what had arrived before a reset can still be read", async () => {
  const { client } = pair((_, accept) => {
    const stream = accept();
    stream.write("last words", () => stream.destroy());
  });
  const stream = await client.createStream(named("stdout"));
  assert.equal(await text(stream), "last words");
  client.close();
});

test("bytes that are no SPDY close the connection with a reason", async () => {
  const [near, far] = duplexPair();
  const server = createSpdyConnection({ role: "server", socket: far });
  near.write(Buffer.from("8002000100000000", "hex"));
  assert.match(String(await server.closed), /control frame of version 2/);
  near.destroy();
});

test("a connection that breaks ends its streams and fails what waits", async () => {
  const [near, far] = duplexPair();
  const client = createSpdyConnection({ role: "client", socket: near });
  const waiting = client.createStream(named("stdin"));
  far.destroy();
  near.destroy(new Error("cable cut"));
  await assert.rejects(waiting, /cable cut|closed before/);
});
