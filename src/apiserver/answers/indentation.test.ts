import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import fc from "fast-check";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { indented } from "./indentation.ts";

test("JSON is indented as JSON.stringify does it, however it was written", () => {
  const json = fc.json({ noUnicodeString: false });
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, "\t"), (given, space) => {
      const value: unknown = JSON.parse(given);
      assert.equal(indented(JSON.stringify(value, undefined, space)), JSON.stringify(value, undefined, 2));
    }),
  );
});

test("numbers and long texts stay as they are written", () => {
  const line = 'say \\"{[:,]}\\"\\n';
  const json = `{"a":9007199254740993,"b":1.50,"c":"${line.repeat(100_000)}"}`;
  assert.equal(indented(json), `{\n  "a": 9007199254740993,\n  "b": 1.50,\n  "c": "${line.repeat(100_000)}"\n}`);
});

const curl = { "user-agent": "curl/7.88.1" };
const asked: { name: string; path: string; headers?: ApiRequest["headers"]; indented: boolean }[] = [
  { name: "a list for curl", path: "/api/v1/namespaces", headers: curl, indented: true },
  { name: "one object for Wget", path: "/api/v1/namespaces/a", headers: { "user-agent": "Wget/1.21" }, indented: true },
  {
    name: "a table for a browser",
    path: "/api/v1/pods",
    headers: { "user-agent": "Mozilla/5.0 (X11)" },
    indented: true,
  },
  { name: "a refusal for curl", path: "/api/v1/namespaces/none", headers: curl, indented: true },
  { name: "discovery for curl", path: "/apis", headers: curl, indented: true },
  { name: "who says that it is not to be", path: "/api/v1/pods?pretty=0", headers: curl, indented: false },
  { name: "who says that it is to be", path: "/api/v1/pods?pretty=true", indented: true },
  { name: "kubectl", path: "/api/v1/pods", headers: { "user-agent": "kubectl/v1.32.4" }, indented: false },
  { name: "nobody in particular", path: "/api/v1/pods", indented: false },
  { name: "the version for anybody", path: "/version", indented: true },
  { name: "a description for curl", path: "/openapi/v3", headers: curl, indented: false },
];
for (const { name, path, headers = {}, indented: want } of asked) {
  test(`${name}: ${want ? "indented" : "in one line"}`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const response = await api.handle({ method: "GET", path, headers });
    const body = await text(response.body);
    assert.equal(body.includes("\n  "), want, body);
    assert.doesNotThrow(() => JSON.parse(body));
    const length = response.headers["content-length"];
    if (length !== undefined) assert.equal(Number(length), Buffer.byteLength(body));
  });
}

test("a watch for curl begins at once, an event in each line", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const ending = new AbortController();
  const { body } = await api.handle({
    method: "GET",
    path: "/api/v1/namespaces?watch=1&resourceVersion=0",
    headers: curl,
    signal: ending.signal,
  });
  const pod = { kind: "Namespace", apiVersion: "v1", metadata: { name: "seen" } };
  await api.handle({
    method: "POST",
    path: "/api/v1/namespaces",
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(pod)),
  });
  for await (const chunk of body) {
    assert.match(Buffer.from(chunk).toString(), /^\{"type":"ADDED".*"name":"seen".*\}\n$/);
    break;
  }
  ending.abort();
});
