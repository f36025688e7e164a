import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { runProbe } from "../probes/run-probe.ts";
import { instance, testPod } from "../testing/pods.testing.ts";
import { networkErrorText } from "./network-error-text.ts";

const cases: { error: unknown; want: string }[] = [
  {
    error: Object.assign(new Error(), { code: "ECONNREFUSED" }),
    want: "dial tcp 192.0.2.1:80: connect: connection refused",
  },
  {
    error: Object.assign(new Error(), { code: "EHOSTUNREACH" }),
    want: "dial tcp 192.0.2.1:80: connect: no route to host",
  },
  {
    error: Object.assign(new Error(), { code: "ECONNRESET" }),
    want: "read tcp 192.0.2.1:80: read: connection reset by peer",
  },
  {
    error: new DOMException("", "TimeoutError"),
    want: "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
  },
  { error: new Error("something else"), want: "something else" },
];

for (const { error, want } of cases) {
  test(`networkErrorText: ${want}`, () => assert.equal(networkErrorText(error, "192.0.2.1", 80), want));
}

test("HTTP and TCP probes say how it went", async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/sick" ? 503 : request.url === "/moved" ? 302 : 200;
    if (request.url === "/moved") response.setHeader("Location", "/fine");
    response.end(String(request.headers["x-probe"]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const [container] = testPod().spec.containers;
  assert.ok(container !== undefined);
  const runtime = { execSync: () => Promise.reject(new Error("not asked for")) };
  const target = { runtime, container, containerId: instance("app").id, podIP: "127.0.0.1" };
  const times = { periodSeconds: 1, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 1 };
  const get = (path: string) => ({
    ...times,
    httpGet: { path, port, scheme: "HTTP" as const, httpHeaders: [{ name: "X-Probe", value: "yes" }] },
  });

  assert.deepEqual(await runProbe(get("/fine"), target), { result: "success", output: "yes" });
  assert.deepEqual(await runProbe(get("/moved"), target), { result: "success", output: "yes" });
  assert.deepEqual(await runProbe(get("/sick"), target), {
    result: "failure",
    output: "HTTP probe failed with statuscode: 503",
  });
  assert.equal((await runProbe({ ...times, tcpSocket: { port } }, target)).result, "success");
  await new Promise((resolve) => server.close(resolve));

  const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  assert.deepEqual(await runProbe({ ...times, tcpSocket: { port } }, target), { result: "failure", output: refused });
  assert.deepEqual(await runProbe(get("/fine"), target), {
    result: "failure",
    output: `Get "http://127.0.0.1:${port}/fine": ${refused}`,
  });
});
