import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { testPod } from "../testing/pods.testing.ts";
import { runHook } from "./run-hook.ts";

const LIMIT = { timeout: 60_000 };

/** A container that answers 503 at once at `/sick`, and never at any other path; `hook` asks it there. */
async function start(t: { after(stop: () => void): void }, path: string) {
  const server = createServer((request, response) => {
    if (request.url === "/sick") response.writeHead(503).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const [container] = testPod().spec.containers;
  assert.ok(container !== undefined);
  const over = new AbortController();
  const runtime = { execSync: () => Promise.reject(new Error("not asked for")) };
  const context = { runtime, clock: createFakeClock(), container, containerId: "app-0", podIP: "127.0.0.1" };
  const hook = { httpGet: { path, port, scheme: "HTTP" as const } };
  return { server, over, run: () => runHook(hook, { ...context, signal: over.signal }) };
}

test("an HTTP hook has done its work whatever the answer is", LIMIT, async (t) => {
  const { run } = await start(t, "/sick");
  await run();
});

test("an HTTP hook without an answer goes on until the grace is over", LIMIT, async (t) => {
  const { server, over, run } = await start(t, "/drain");
  const running = run();
  await once(server, "request");
  over.abort();
  await assert.rejects(running, { name: "AbortError" });
});
