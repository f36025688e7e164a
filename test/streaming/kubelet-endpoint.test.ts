import assert from "node:assert/strict";
import { type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
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

function ask(path: string, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(`${cluster.kubelet}${path}`, { agent: false, ...options }, (response) => {
      text(response).then((body) => resolve(`${response.statusCode} ${body}`), reject);
    });
    asked.on("error", reject).end();
  });
}

const cases: { name: string; as: "admin" | "stranger" | "nobody"; method?: string; path: string; want: RegExp }[] = [
  { name: "health", as: "admin", path: "/healthz", want: /^200 ok$/ },
  { name: "pods", as: "admin", path: "/pods", want: /^200 \{"kind":"PodList".*"name":"web"/ },
  { name: "running pods", as: "admin", path: "/runningpods/", want: /^200 \{"kind":"PodList"/ },
  { name: "a client without a certificate", as: "nobody", path: "/pods", want: /^401 Unauthorized$/ },
  { name: "a client of no group", as: "stranger", path: "/pods", want: /^403 Forbidden \(user=jane, verb=get/ },
  { name: "another path", as: "admin", path: "/configz", want: /^404 / },
  { name: "another method", as: "admin", method: "DELETE", path: "/pods", want: /^405 Method Not Allowed$/ },
  {
    name: "exec without an upgrade",
    as: "admin",
    method: "POST",
    path: "/exec/default/web/main",
    want: /^400 Upgrade/,
  },
  { name: "logs", as: "admin", path: "/containerLogs/default/web/main", want: /^200 first\nsecond\n$/ },
  {
    name: "a request line of 500,000 bytes",
    as: "admin",
    path: `/containerLogs/default/web/main?follow=False&x=${"y".repeat(500_000)}`,
    want: /^200 first\nsecond\n$/,
  },
  { name: "the last line", as: "admin", path: "/containerLogs/default/web/main?tailLines=1", want: /^200 second\n$/ },
  {
    name: "logs of another pod",
    as: "admin",
    path: "/containerLogs/default/nope/main",
    want: /^404 pod "nope" does not/,
  },
  {
    name: "logs of another container",
    as: "admin",
    path: "/containerLogs/default/web/nope",
    want: /^404 container "nope" not found in pod "web"$/,
  },
  {
    name: "logs of the one before",
    as: "admin",
    path: "/containerLogs/default/web/main?previous=true",
    want: /^400 previous terminated container "main" in pod "web" not found$/,
  },
  { name: "a bad question", as: "admin", path: "/containerLogs/default/web/main?tailLines=x", want: /^400 .*decode/ },
];

for (const { name, as, method = "GET", path, want } of cases) {
  test(`kubelet endpoint: ${name}`, async () => {
    const { ca } = cluster.tls;
    const options = as === "admin" ? cluster.tls : as === "stranger" ? cluster.strangerTls : { ca };
    assert.match(await ask(path, { ...options, method }), want);
  });
}
