import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointsKind } from "../../api/core/v1/endpoints.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import type { Kind } from "../../api/kind.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { withDeprecation } from "./deprecation.ts";
import { textResponse } from "./response.ts";

const warning = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';

const rows: { name: string; kind: Pick<Kind, "deprecation"> | undefined; own?: string; want: string | undefined }[] = [
  { name: "Endpoints", kind: endpointsKind, want: warning },
  {
    name: "Endpoints that were accepted with a warning",
    kind: endpointsKind,
    own: '299 - "unknown field"',
    want: `299 - "unknown field", ${warning}`,
  },
  { name: "Pods", kind: podKind, want: undefined },
  { name: "a resource that is not served", kind: undefined, want: undefined },
];

for (const { name, kind, own, want } of rows) {
  test(`${name}: ${want === undefined ? "no warning" : "warned about"}`, () => {
    const response = textResponse(200, "ok", own === undefined ? {} : { warning: own });
    assert.equal(withDeprecation(response, kind).headers.warning, want);
  });
}

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
