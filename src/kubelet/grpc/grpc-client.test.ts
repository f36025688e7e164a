import assert from "node:assert/strict";
import type { ServerHttp2Stream } from "node:http2";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { createGrpcClient, type GrpcClientOptions, grpcTimeout } from "./grpc-client.ts";
import { messageFrame } from "./message-frames.ts";

const LARGE = Buffer.alloc(5 * 1024 * 1024, "x");
/** Longer than any of these calls takes. */
const LONG_MS = 60_000;

/** What the calls of {@link startServer} may do. */
interface Call {
  readonly request: Buffer;
  write(bytes: Buffer): void;
  end(): void;
  emit(event: "error", error: object): void;
  on(event: "cancelled", listener: () => void): void;
}

/** A server of another implementation, at a Unix socket. `Echo` echoes, and fails with the code that it is sent. */
async function startServer(t: TestContext) {
  const folder = await temporaryFolder(t);
  const socketPath = path.join(folder, "socket");
  const cancelled: string[] = [];
  const canceled = Promise.withResolvers<void>();
  const start = async () => {
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    const same = (bytes: Buffer) => bytes;
    const method = (name: string, responseStream: boolean) => ({
      path: `/test.Test/${name}`,
      requestStream: false as const,
      responseStream,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    });
    const methods = { Echo: method("Echo", false), Count: method("Count", true), Wait: method("Wait", true) };
    server.addService(methods, {
      Echo({ request }: { request: Buffer }, answer: (error: object | null, bytes?: Buffer) => void) {
        const code = Number(request.toString());
        if (Number.isInteger(code) && code > 0) answer({ code, details: "größer als 100 %\nnein" });
        else answer(null, request);
      },
      Count(call: Call) {
        for (const text of ["one", "", "three"]) call.write(Buffer.from(text));
        if (call.request.length === 0) call.end();
        else call.emit("error", { code: status.DATA_LOSS, details: "lost" });
      },
      Wait(call: Call) {
        call.on("cancelled", () => {
          cancelled.push(call.request.toString());
          canceled.resolve();
        });
        call.write(call.request);
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return server;
  };
  let server = await start();
  t.after(() => server.forceShutdown());
  return {
    socketPath,
    cancelled,
    canceled: canceled.promise,
    end: () => server.forceShutdown(),
    async restart() {
      server = await start();
    },
  };
}

function clientOf(t: TestContext, address: Parameters<typeof createGrpcClient>[0], options?: GrpcClientOptions) {
  const client = createGrpcClient(address, options);
  t.after(() => client.close());
  return client;
}

const echo = (text: string | Buffer) => ({ path: "/test.Test/Echo", message: Buffer.from(text), timeoutMs: LONG_MS });

test("a call is answered, and several at once", async (t) => {
  const client = clientOf(t, await startServer(t));
  const texts = ["", "a", "ü".repeat(1_000)];
  const answers = await Promise.all(texts.map((text) => client.unary(echo(text))));
  assert.deepEqual(
    answers.map((bytes) => bytes.toString()),
    texts,
  );
});

const statuses: readonly { sent: number; code: string }[] = [
  { sent: status.CANCELLED, code: "Canceled" },
  { sent: status.UNKNOWN, code: "Unknown" },
  { sent: status.DEADLINE_EXCEEDED, code: "DeadlineExceeded" },
  { sent: status.NOT_FOUND, code: "NotFound" },
  { sent: status.UNAVAILABLE, code: "Unavailable" },
  { sent: status.UNAUTHENTICATED, code: "Unauthenticated" },
];

for (const { sent, code } of statuses) {
  test(`a call fails with ${code} as the server says`, async (t) => {
    const client = clientOf(t, await startServer(t));
    await assert.rejects(client.unary(echo(String(sent))), {
      name: "GrpcError",
      code,
      message: "größer als 100 %\nnein",
    });
    assert.equal((await client.unary(echo("next"))).toString(), "next");
  });
}

test("a method that the server does not have is unimplemented", async (t) => {
  const client = clientOf(t, await startServer(t));
  await assert.rejects(client.unary({ ...echo(""), path: "/test.Test/Nothing" }), { code: "Unimplemented" });
});

test("a large message is received where it is wanted, and refused where it is not", async (t) => {
  const server = await startServer(t);
  const large = await clientOf(t, server, { messageBytesMax: Number.POSITIVE_INFINITY }).unary(echo(LARGE));
  assert.ok(large.equals(LARGE));
  await assert.rejects(clientOf(t, server).unary(echo(LARGE)), {
    code: "ResourceExhausted",
    message: "received message larger than max (5242880 vs. 4194304)",
  });
});

test("a stream gives its messages, and then its status", async (t) => {
  const client = clientOf(t, await startServer(t));
  const count = async (request: string, got: string[]) => {
    const call = { path: "/test.Test/Count", message: Buffer.from(request) };
    for await (const message of client.serverStream(call)) got.push(message.toString());
  };
  const [whole, lost]: [string[], string[]] = [[], []];
  await count("", whole);
  await assert.rejects(count("fail", lost), { code: "DataLoss", message: "lost" });
  assert.deepEqual(
    [whole, lost],
    [
      ["one", "", "three"],
      ["one", "", "three"],
    ],
  );
});

const endings: readonly { name: string; want: object | undefined; leave(ending: AbortController): boolean }[] = [
  {
    name: "its signal is aborted",
    want: { code: "Canceled", message: "context canceled" },
    leave(ending) {
      ending.abort();
      return false;
    },
  },
  { name: "the caller leaves the loop", want: undefined, leave: () => true },
];

for (const { name, want, leave } of endings) {
  test(`the server sees the end of a stream when ${name}`, async (t) => {
    const server = await startServer(t);
    const ending = new AbortController();
    const call = { path: "/test.Test/Wait", message: Buffer.from("w"), signal: ending.signal };
    const follow = async () => {
      for await (const _ of clientOf(t, server).serverStream(call)) if (leave(ending)) break;
    };
    if (want === undefined) await follow();
    else await assert.rejects(follow(), want);
    await server.canceled;
    assert.deepEqual(server.cancelled, ["w"]);
  });
}

test("a call whose signal is aborted already is not sent", async (t) => {
  const client = clientOf(t, await startServer(t));
  await assert.rejects(client.unary({ ...echo("a"), signal: AbortSignal.abort() }), { code: "Canceled" });
});

test("a call ends at its deadline, and the server sees the end", async (t) => {
  const server = await startServer(t);
  const call = { path: "/test.Test/Wait", message: Buffer.from("w"), timeoutMs: 50 };
  await assert.rejects(clientOf(t, server).unary(call), {
    code: "DeadlineExceeded",
    message: "context deadline exceeded",
  });
  await server.canceled;
});

test("a lost connection fails its calls, and the next call dials again", async (t) => {
  const server = await startServer(t);
  const client = clientOf(t, server);
  const stream = client.serverStream({ path: "/test.Test/Wait", message: Buffer.from("w") });
  assert.equal((await stream.next()).value?.toString(), "w");
  const lost = assert.rejects(stream.next(), { code: "Unavailable" });
  server.end();
  await lost;
  await assert.rejects(client.unary(echo("gone")), { code: "Unavailable", message: /ECONNREFUSED|ENOENT/ });
  await server.restart();
  assert.equal((await client.unary(echo("back"))).toString(), "back");
});

test("calls fail when their client is closed", async (t) => {
  const server = await startServer(t);
  const client = clientOf(t, server);
  const stream = client.serverStream({ path: "/test.Test/Wait", message: Buffer.from("w") });
  await stream.next();
  const ended = assert.rejects(stream.next(), { code: "Unavailable" });
  client.close();
  await ended;
});

const OK = { ":status": 200, "content-type": "application/grpc" };
const frame = messageFrame(Buffer.from("a"));

/** Responses that no decent server gives. */
const hostile: readonly {
  name: string;
  respond(stream: ServerHttp2Stream): void;
  want: { code: string; message?: RegExp };
}[] = [
  {
    name: "a page",
    respond: (stream) => {
      stream.respond({ ":status": 200 });
      stream.end("<html>");
    },
    want: { code: "Internal", message: /inside a message|compressed/ },
  },
  {
    name: "an HTTP status",
    respond: (stream) => stream.respond({ ":status": 503 }, { endStream: true }),
    want: { code: "Unavailable", message: /unexpected HTTP status code 503/ },
  },
  {
    name: "no status",
    respond: (stream) => {
      stream.respond(OK);
      stream.end(frame);
    },
    want: { code: "Unknown", message: /without a status/ },
  },
  {
    name: "a status that is no number",
    respond: (stream) => stream.respond({ ...OK, "grpc-status": "x", "grpc-message": "%zz%41" }, { endStream: true }),
    want: { code: "Unknown", message: /^%zzA$/ },
  },
  {
    name: "success without a message",
    respond: (stream) => stream.respond({ ...OK, "grpc-status": "0" }, { endStream: true }),
    want: { code: "Internal", message: /no message/ },
  },
  {
    name: "two messages",
    respond: (stream) => {
      stream.respond(OK);
      stream.write(Buffer.concat([frame, frame]));
    },
    want: { code: "Internal", message: /second message/ },
  },
  {
    name: "a compressed message",
    respond: (stream) => {
      stream.respond(OK);
      stream.write(Buffer.from([1, 0, 0, 0, 1, 65]));
    },
    want: { code: "Internal", message: /compressed/ },
  },
  {
    name: "a part of a message",
    respond: (stream) => {
      stream.respond(OK, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(frame.subarray(0, 5));
    },
    want: { code: "Internal", message: /inside a message/ },
  },
  {
    name: "a message of 4 GiB",
    respond: (stream) => {
      stream.respond(OK);
      stream.write(Buffer.from([0, 255, 255, 255, 255]));
    },
    want: { code: "ResourceExhausted" },
  },
  { name: "a refusal of the stream", respond: (stream) => stream.close(7), want: { code: "Unavailable" } },
  { name: "a reset", respond: (stream) => stream.close(2), want: { code: "Internal" } },
  { name: "a cancelled stream", respond: (stream) => stream.close(8), want: { code: "Canceled" } },
  { name: "the end of the connection", respond: (stream) => stream.session?.destroy(), want: { code: "Unavailable" } },
];

for (const { name, respond, want } of hostile) {
  test(`a call fails for ${name}`, async (t) => {
    const server = createServer().on("stream", (stream) => {
      stream.on("error", () => {});
      respond(stream);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const client = clientOf(t, { host: "127.0.0.1", port });
    await assert.rejects(client.unary(echo("a")), { name: "GrpcError", ...want });
  });
}

test("a message that comes byte by byte is put together", async (t) => {
  const server = createServer().on("stream", (stream) => {
    stream.respond(OK, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    for (const byte of messageFrame(Buffer.from("slow"))) stream.write(Buffer.from([byte]));
    stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal((await clientOf(t, { host: "127.0.0.1", port }).unary(echo("a"))).toString(), "slow");
});

const timeouts = [
  { ms: 1, want: "1m" },
  { ms: 0.5, want: "1m" },
  { ms: 99_999_999, want: "99999999m" },
  { ms: 100_000_000, want: "100000S" },
  { ms: 1e12, want: "16666667M" },
  { ms: 1e300, want: "99999999H" },
];

for (const { ms, want } of timeouts) {
  test(`a timeout of ${ms} ms is sent as ${want}`, () => assert.equal(grpcTimeout(ms), want));
}
