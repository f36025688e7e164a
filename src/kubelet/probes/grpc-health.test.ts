import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { checkGrpcHealth } from "./grpc-health.ts";

const LONG = "long.".repeat(40);

/** Answers by the service asked for: `serving`, `sick`, {@link LONG}; any other is not known. */
const server = new Server();
let port = 0;

before(async () => {
  const same = (bytes: Buffer) => bytes;
  const check = {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  server.addService(
    { check },
    {
      check(call: { request: Buffer }, answer: (error: object | null, bytes?: Buffer) => void) {
        // Behind the field's number, and its length in one byte or two.
        const service = call.request.subarray((call.request[1] ?? 0) < 0x80 ? 2 : 3).toString();
        if (!["", "serving", "sick", LONG].includes(service))
          answer({ code: status.NOT_FOUND, details: "unknown service" });
        else answer(null, Buffer.from([0x08, service === "sick" ? 2 : 1]));
      },
    },
  );
  port = await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
});

after(() => server.forceShutdown());

const cases = [
  { service: "", want: "serving" },
  { service: "serving", want: "serving" },
  { service: "sick", want: 'service unhealthy (responded with "NOT_SERVING")' },
  { service: LONG, want: "serving" },
  { service: "unknown", want: "error: health rpc probe failed: unknown service" },
];

for (const { service, want } of cases) {
  test(`checkGrpcHealth of ${JSON.stringify(service)}: ${want}`, async () => {
    const said = await checkGrpcHealth({ host: "127.0.0.1", port, service }, 2_000).then(
      () => "serving",
      (error: Error) => error.message,
    );
    assert.equal(said, want);
  });
}

test("checkGrpcHealth: nobody there", async () => {
  await assert.rejects(checkGrpcHealth({ host: "127.0.0.1", port: 1, service: "" }, 2_000), {
    message: /^timeout: failed to connect service "127\.0\.0\.1:1"/,
  });
});
