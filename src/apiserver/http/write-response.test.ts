import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { settle } from "@fairlead/lib/clock.testing";
import { type OutgoingResponse, writeResponse } from "./write-response.ts";

const pieces = ["first", "", "x".repeat(20)].map((text) => Buffer.from(text));

async function* bodyOf(...parts: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* parts;
}

const response = (body: AsyncIterable<Uint8Array>, headers: Readonly<Record<string, string>> = {}): ApiResponse => ({
  status: 200,
  headers,
  body,
});

/** Answers the requests of one connection, and resolves with all bytes that its client gets, without dates. */
async function exchanged(t: TestContext, requests: string, answer: () => ApiResponse): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    void writeResponse(outgoing as ServerResponse & OutgoingResponse, answer(), incoming.method === "HEAD");
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const client = connect(port, "127.0.0.1");
  client.end(requests);
  let text = "";
  for await (const part of client.setEncoding("latin1")) text += part;
  return text.replaceAll(/(?:Date|Keep-Alive|Connection): .*\r\n/g, "");
}

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const framings: readonly {
  readonly name: string;
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly want: string;
}[] = [
  {
    name: "of unknown length is sent in chunks, without the empty ones",
    request: "GET / HTTP/1.1",
    want: `${CHUNKED}5\r\nfirst\r\n14\r\n${"x".repeat(20)}\r\n0\r\n\r\n`,
  },
  {
    name: "of known length is not framed",
    request: "GET / HTTP/1.1",
    headers: { "content-length": "25" },
    want: `HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\nfirst${"x".repeat(20)}`,
  },
  { name: "is not sent for HEAD", request: "HEAD / HTTP/1.1", want: "HTTP/1.1 200 OK\r\n\r\n" },
];

for (const { name, request, headers = {}, want } of framings) {
  test(`a body ${name}`, async (t) => {
    const requests = `${request}\r\nhost: x\r\n\r\n${request}\r\nhost: x\r\nconnection: close\r\n\r\n`;
    assert.equal(await exchanged(t, requests, () => response(bodyOf(...pieces), headers)), want + want);
  });
}

test("a body that takes its pieces back is framed by Node", async (t) => {
  const request = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
  const body = () => Object.assign(bodyOf(...pieces), { giveBack: () => {} });
  const got = await exchanged(t, request, () => response(body()));
  // Node makes one chunk of what is written in one turn.
  assert.equal(got, `${CHUNKED}19\r\nfirst${"x".repeat(20)}\r\n0\r\n\r\n`);
});

test("pieces are given back when they have been written", async () => {
  const written: string[] = [];
  const done: (() => void)[] = [];
  const outgoing: OutgoingResponse = Object.assign(
    new Writable({
      highWaterMark: 1,
      write(part, _encoding, callback) {
        written.push(String(part));
        done.push(callback);
      },
    }),
    { writeHead: () => {} },
  );
  const given: string[] = [];
  const body = Object.assign(bodyOf(...pieces), { giveBack: (piece: Uint8Array) => given.push(String(piece)) });
  const writing = writeResponse(outgoing, response(body), false);
  await settle();
  assert.deepEqual([written, given], [["first"], []]);
  done.shift()?.();
  await settle();
  assert.deepEqual([written, given], [["first", "x".repeat(20)], ["first"]]);
  done.shift()?.();
  await writing;
  assert.equal(given.length, 2);
});

test("HTTP/1.0 has no chunks", async (t) => {
  const got = await exchanged(t, "GET / HTTP/1.0\r\n\r\n", () => response(bodyOf(...pieces)));
  assert.equal(got, `HTTP/1.1 200 OK\r\n\r\nfirst${"x".repeat(20)}`);
});

test("clients that are sent the same piece get one chunk in one write, made once", async () => {
  const written: unknown[] = [];
  const [piece = Buffer.alloc(0)] = pieces;
  for (let client = 0; client < 2; client++) {
    const outgoing: OutgoingResponse = Object.assign(
      new Writable({
        write(part, _encoding, done) {
          written.push(part);
          done();
        },
      }),
      { chunkedEncoding: true, writeHead: () => {} },
    );
    await writeResponse(outgoing, response(bodyOf(piece)), false);
    assert.equal(outgoing.chunkedEncoding, true);
  }
  assert.deepEqual(written.map(String), ["5\r\nfirst\r\n", "5\r\nfirst\r\n"]);
  assert.equal(written[0], written[1]);
});
