import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { responseAnswer } from "../answers/answer.ts";
import type { SubresourceHandler } from "../subresources/subresource.ts";
import { type ServedOverTls, serveOverTls } from "../testing/serve-over-tls.testing.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(
  { port, jane }: ServedOverTls,
  path: string,
  { body, ...options }: https.RequestOptions & { readonly body?: string } = {},
): Promise<Answer> {
  const sent = https.request({ host: "127.0.0.1", port, path, agent: false, ...jane, ...options });
  sent.end(body);
  const [response] = await once(sent, "response");
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const paths = ["/api/v1/namespaces/default/configmaps", "/api/v1/nodes/x", "/nowhere", "/version", "/readyz", "/apis"];

for (const path of paths) {
  test(`every answer has a name and says whether it may be kept: ${path}`, async (t) => {
    const served = await serveOverTls(t);
    const { headers } = await ask(served, path);
    assert.match(String(headers["audit-id"]), UUID);
    assert.notEqual(headers["audit-id"], (await ask(served, path)).headers["audit-id"]);
    assert.equal(headers["cache-control"], "no-cache, private");
  });
}

test("an answer has the name that the client gave its request", async (t) => {
  const served = await serveOverTls(t);
  const { headers } = await ask(served, "/version", { headers: { "Audit-ID": "mine" } });
  assert.equal(headers["audit-id"], "mine");
});

test("a refused upgrade has a name, too", async (t) => {
  const exec: SubresourceHandler = {
    groupResource: "pods",
    name: "exec",
    handle: () => Promise.reject(new Error("not asked")),
    upgrade: () => Promise.reject(new Error("not asked")),
  };
  const served = await serveOverTls(t, { subresources: [exec] });
  const headers = { connection: "Upgrade", upgrade: "SPDY/3.1" };
  const answer = await ask(served, "/api/v1/namespaces/default/pods/p/exec", { method: "POST", headers });
  assert.equal(answer.status, 404);
  assert.match(String(answer.headers["audit-id"]), UUID);
});

test("a warning about a field whose name is not ASCII is sent in UTF-8", async (t) => {
  const served = await serveOverTls(t);
  const body = JSON.stringify({ metadata: { name: "a" }, "\u{d544}\u{b4dc}": 1 });
  const headers = { "content-type": "application/json" };
  const answer = await ask(served, "/api/v1/namespaces/default/configmaps", { method: "POST", headers, body });
  assert.equal(answer.status, 201);
  const warning = Buffer.from(String(answer.headers.warning), "latin1").toString();
  assert.equal(warning, '299 - "unknown field \\"\u{d544}\u{b4dc}\\""');
});

test("cookies of a backend are sent line by line", async (t) => {
  const cookies: SubresourceHandler = {
    groupResource: "pods",
    name: "proxy",
    isLong: true,
    handle: async () =>
      responseAnswer({ status: 204, headers: {}, setCookies: ["a=1", "b=2"], body: (async function* () {})() }),
  };
  const served = await serveOverTls(t, { subresources: [cookies] });
  const metadata = { name: "p", namespace: "default" };
  await served.api.client().create(podKind, { metadata, spec: { containers: [{ name: "c", image: "i" }] } });
  const { headers } = await ask(served, "/api/v1/namespaces/default/pods/p/proxy/");
  assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
});

test("/version has what clients take apart", async (t) => {
  const version = JSON.parse((await ask(await serveOverTls(t), "/version")).body);
  assert.match(version.gitCommit, /^[0-9a-f]{40}$/);
  assert.match(version.gitTreeState, /^(clean|dirty|archive)$/);
  assert.ok(!Number.isNaN(Date.parse(version.buildDate)));
  const { major, minor, emulationMajor, emulationMinor, minCompatibilityMajor, minCompatibilityMinor } = version;
  assert.deepEqual([major, minor, emulationMajor, emulationMinor], ["1", "35", "1", "35"]);
  assert.deepEqual([minCompatibilityMajor, minCompatibilityMinor], ["1", "34"]);
  for (const name of ["gitVersion", "goVersion", "compiler", "platform"])
    assert.notEqual(version[name] ?? "", "", name);
});
