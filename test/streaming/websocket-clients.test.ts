import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { type ProcessRuntime, startProcessRuntime } from "./process-runtime.testing.ts";
import { type StreamingCluster, startStreamingCluster } from "./streaming-cluster.testing.ts";

let cluster: StreamingCluster;
let node: ProcessRuntime;
const started = new AsyncDisposableStack();
before(async () => {
  node = started.use(await startProcessRuntime(["cat"]));
  cluster = started.use(await startStreamingCluster(node));
});
after(() => started.disposeAsync());

interface Conversation {
  /** Text per channel, empty messages left out. */
  readonly channels: Readonly<Record<number, string>>;
  readonly closeCode: number;
}

/** Connects, sends the messages, and listens until the server closes. */
function converse(path: string, subprotocols: string[], messages: (string | Buffer)[] = []): Promise<Conversation> {
  const socket = new WebSocket(`${cluster.server.replace("https", "wss")}${path}`, subprotocols, cluster.tls);
  const channels: Record<number, string> = {};
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      for (const message of messages) socket.send(message);
    });
    socket.on("message", (data: Buffer, isBinary) => {
      const channel = isBinary ? (data[0] ?? 0) : Number(data.toString("latin1", 0, 1));
      const text = isBinary ? data.toString("utf8", 1) : Buffer.from(data.toString("latin1", 1), "base64").toString();
      channels[channel] = (channels[channel] ?? "") + text;
    });
    socket.on("close", (closeCode) => resolve({ channels, closeCode }));
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      reject(new Error(`refused with ${response.statusCode}`));
    });
    socket.on("error", reject);
  });
}

const exec = (...command: string[]) =>
  `/api/v1/namespaces/default/pods/web/exec?${new URLSearchParams([
    ...["stdin", "stdout", "stderr"].map((name): [string, string] => [name, "true"]),
    ...command.map((word): [string, string] => ["command", word]),
  ])}`;

test("v4: the end is a Status on the error channel", async () => {
  const { channels, closeCode } = await converse(exec("sh", "-c", "echo out; exit 3"), ["v4.channel.k8s.io"]);
  assert.equal(channels[1], "out\n");
  const status = JSON.parse(channels[3] ?? "");
  assert.equal(status.reason, "NonZeroExitCode");
  assert.deepEqual(status.details.causes, [{ reason: "ExitCode", message: "3" }]);
  assert.equal(closeCode, 1000);
});

test("v4 in base64: text messages both ways", async () => {
  const { channels } = await converse(exec("head", "-n1"), ["v4.base64.channel.k8s.io"], ["0aGVsbG8K"]);
  assert.equal(channels[1], "hello\n");
  assert.equal(JSON.parse(channels[3] ?? "").status, "Success");
});

test("v5: a closed channel ends the input", async () => {
  const messages = [Buffer.from("\u0000a\nb\n"), Buffer.of(255, 0)];
  const { channels } = await converse(exec("wc", "-l"), ["v5.channel.k8s.io"], messages);
  assert.equal(channels[1]?.trim(), "2");
});

test("the oldest protocol says nothing on success, and a text on failure", async () => {
  const success = await converse(exec("true"), ["channel.k8s.io"]);
  assert.equal(success.channels[3] ?? "", "");
  const failure = await converse(exec("sh", "-c", "exit 7"), ["channel.k8s.io"]);
  assert.equal(failure.channels[3], "command terminated with non-zero exit code: exit status 7");
});

test("an unknown subprotocol is refused", async () => {
  await assert.rejects(converse(exec("true"), ["soap"]), /refused with 400/);
});

test("without a stream there is nothing to do", async () => {
  const path = "/api/v1/namespaces/default/pods/web/exec?command=true";
  await assert.rejects(converse(path, ["v5.channel.k8s.io"]), /refused with 400/);
});

test("a pod that is not there is not found", async () => {
  await assert.rejects(
    converse("/api/v1/namespaces/default/pods/none/exec?command=true", ["v5.channel.k8s.io"]),
    /404/,
  );
});

test("port-forward over channels: each begins with the port's number", async (t) => {
  const server = createTcpServer((connection) => connection.end("bye"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const path = `/api/v1/namespaces/default/pods/web/portforward?ports=${port}`;
  const { channels } = await converse(path, ["v4.channel.k8s.io"]);
  const announcement = Buffer.from([port & 0xff, port >> 8]).toString("utf8");
  assert.equal(channels[0], `${announcement}bye`);
  assert.equal(channels[1], announcement);
});

test("port-forward over channels: a closed port is reported on the error channel", async () => {
  const closed = createServer();
  await new Promise<void>((done) => closed.listen(0, "127.0.0.1", done));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  const path = `/api/v1/namespaces/default/pods/web/portforward?ports=${port}`;
  const { channels } = await converse(path, ["v4.channel.k8s.io"]);
  assert.match(channels[1] ?? "", /failed to connect to port/);
});
