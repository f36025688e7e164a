import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const SERVICES = "/api/v1/namespaces/default/services";
const HEADLESS = '299 - "spec.SessionAffinity is ignored for headless services"';
const headless = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "a" },
  spec: { clusterIP: "None", sessionAffinity: "ClientIP", ports: [{ port: 80 }] },
};

interface Sent {
  readonly method: ApiRequest["method"];
  readonly path: string;
  readonly type?: string;
  readonly body: object;
}

/** Requests that follow each other, and the header that the last one is answered with. */
const rows: readonly {
  readonly name: string;
  readonly requests: readonly Sent[];
  readonly want: string | undefined;
}[] = [
  { name: "a create", requests: [{ method: "POST", path: SERVICES, body: headless }], want: HEADLESS },
  {
    name: "a create that is only tried",
    requests: [{ method: "POST", path: `${SERVICES}?dryRun=All`, body: headless }],
    want: HEADLESS,
  },
  {
    name: "an update that creates",
    requests: [{ method: "PUT", path: `${SERVICES}/a`, body: headless }],
    want: HEADLESS,
  },
  {
    name: "a patch",
    requests: [
      { method: "POST", path: SERVICES, body: headless },
      {
        method: "PATCH",
        path: `${SERVICES}/a`,
        type: "application/merge-patch+json",
        body: { metadata: { labels: { a: "b" } } },
      },
    ],
    want: HEADLESS,
  },
  {
    name: "an apply",
    requests: [
      { method: "PATCH", path: `${SERVICES}/a?fieldManager=me`, type: "application/apply-patch+yaml", body: headless },
    ],
    want: HEADLESS,
  },
  {
    name: "unknown fields and the kind's warnings",
    requests: [{ method: "POST", path: SERVICES, body: { ...headless, zz: 1 } }],
    want: `299 - "unknown field \\"zz\\"", ${HEADLESS}`,
  },
  {
    name: "text that is not Latin, and control characters",
    requests: [
      { method: "POST", path: SERVICES, body: { ...headless, spec: { ports: [{ port: 80 }] }, "한\u0007\n": 1 } },
    ],
    want: Buffer.from('299 - "unknown field \\"한\\\\a\\\\n\\""').toString("latin1"),
  },
];

for (const { name, requests, want } of rows) {
  test(`Warning header: ${name}`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    let warning: string | undefined;
    for (const { method, path, type = "application/json", body } of requests) {
      const answer = await api.handle({
        method,
        path,
        headers: { "content-type": type },
        body: Buffer.from(JSON.stringify(body)),
      });
      assert(answer.status < 300, `${answer.status}`);
      warning = answer.headers.warning;
    }
    assert.equal(warning, want);
  });
}

test("Warning header: many long warnings are shortened", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const unknown = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`${i}${"x".repeat(1000)}`, 1]));
  const body = Buffer.from(JSON.stringify({ metadata: { name: "a" }, ...unknown }));
  const answer = await api.handle({
    method: "POST",
    path: "/api/v1/namespaces/default/configmaps",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(answer.status, 201);
  assert((answer.headers.warning ?? "").length < 5000, String(answer.headers.warning?.length));
});
