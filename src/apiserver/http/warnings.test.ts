import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { warningHeaders } from "./warnings.ts";

const rows: readonly { readonly name: string; readonly warnings: readonly string[]; readonly want: object }[] = [
  { name: "no warning", warnings: [], want: {} },
  { name: "quotes and line breaks", warnings: ['a "b"\nc', "d"], want: { warning: '299 - "a \\"b\\" c", 299 - "d"' } },
  { name: "a control character", warnings: ["a\x7f", "b"], want: { warning: '299 - "b"' } },
  { name: "text in UTF-8", warnings: ["é한"], want: { warning: `299 - "\xc3\xa9\xed\x95\x9c"` } },
];
for (const { name, warnings, want } of rows) {
  test(`warning headers of ${name}`, () => assert.deepEqual(warningHeaders(warnings), want));
}

test("warnings that are long together are cut, and those behind the limit are left out", () => {
  const { warning = "" } = warningHeaders(Array.from({ length: 100 }, (_, i) => `${i}${"x".repeat(1_000)}`));
  const shown = warning.split(", ");
  assert.equal(shown.length, 16);
  assert.ok(shown.every((text) => text.length === `299 - ""`.length + 256));
});

const warning = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';

test("every request about a deprecated kind is answered with the warning, and no other request", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const warningOf = async (path: string) =>
    (await api.handle({ method: "GET", path, headers: {}, signal: AbortSignal.timeout(10_000) })).headers.warning;
  assert.equal(await warningOf("/api/v1/endpoints"), warning);
  assert.equal(await warningOf("/api/v1/namespaces/default/endpoints"), warning);
  assert.equal(await warningOf("/api/v1/endpoints?watch=1&timeoutSeconds=1"), warning);
  assert.equal(await warningOf("/api/v1/pods"), undefined);
});

test("a refused write is answered with the warnings about it, the one about its kind first", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const body = JSON.stringify({ apiVersion: "v1", kind: "Endpoints", metadata: { name: "Not a name" }, colour: "red" });
  const { status, headers } = await api.handle({
    method: "POST",
    path: "/api/v1/namespaces/default/endpoints",
    headers: { "content-type": "application/json" },
    body: Buffer.from(body),
  });
  assert.equal(status, 422);
  assert.equal(headers.warning, `${warning}, 299 - "unknown field \\"colour\\""`);
});
