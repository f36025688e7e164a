import assert from "node:assert/strict";
import { createServer } from "node:http2";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { messageFrame } from "../../grpc/message-frames.ts";
import { connectCri } from "./connection.ts";
import { messageCodec } from "./message-codec.ts";

/** A runtime that answers every call with these bytes, and then with this status. */
async function connectTo(t: TestContext, response: Buffer | undefined, status: string) {
  const folder = await temporaryFolder(t);
  const server = createServer().on("stream", (stream) => {
    stream.on("error", () => {});
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status, "grpc-message": "said so" }));
    stream.end(response === undefined ? undefined : messageFrame(response));
  });
  const socketPath = path.join(folder, "socket");
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const cri = connectCri(socketPath);
  t.after(() => {
    cri.close();
    server.close();
  });
  return cri;
}

const event = messageCodec("ContainerEventResponse").encode({ containerId: "c" });

test("a response is decoded, and so is each event", async (t) => {
  const cri = await connectTo(t, event, "0");
  assert.deepEqual(await cri.call("StartContainer", { containerId: "c" }), {});
  const events = [];
  for await (const each of cri.events(new AbortController().signal)) events.push(each);
  assert.deepEqual(events, [{ containerId: "c", podSandboxStatus: null }]);
});

const failures: readonly {
  name: string;
  response: Buffer | undefined;
  status: string;
  code: string;
  message: string;
}[] = [
  { name: "what is not there", response: undefined, status: "5", code: "NotFound", message: "said so" },
  {
    name: "a call that the runtime does not have",
    response: undefined,
    status: "12",
    code: "Unimplemented",
    message: "said so",
  },
  { name: "another refusal", response: undefined, status: "9", code: "Failed", message: "said so" },
  {
    name: "bytes that are no such message",
    response: Buffer.from("0a05", "hex"),
    status: "0",
    code: "Failed",
    message: "Cannot read the runtime's response: unexpected EOF",
  },
];

for (const { name, response, status, code, message } of failures) {
  test(`a call and a stream fail for ${name}`, async (t) => {
    const cri = await connectTo(t, response, status);
    const want = { name: "RuntimeError", code, message };
    await assert.rejects(cri.call("Version", {}), want);
    const follow = async () => {
      for await (const _ of cri.events(new AbortController().signal));
    };
    await assert.rejects(follow(), want);
  });
}
