import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { SubresourceHandler } from "./subresources/subresource.ts";
import { startTestApiServer } from "./testing/start-test-server.testing.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const SYNTAX = (text: string) => `400 strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;

const rows: readonly { readonly name: string; readonly request: string; readonly want: string }[] = [
  { name: "a watch that is none", request: `GET ${MAPS}?watch=False`, want: "200 ConfigMapList" },
  { name: "a limit that is no number", request: `GET ${MAPS}?limit=x`, want: SYNTAX("x") },
  { name: "a limit that is empty", request: `GET ${MAPS}?limit=`, want: SYNTAX("") },
  { name: "a limit below zero is none", request: `GET ${MAPS}?limit=-1`, want: "200 ConfigMapList" },
  {
    name: "a limit out of range",
    request: `GET ${MAPS}?limit=9223372036854775808`,
    want: '400 strconv.ParseInt: parsing "9223372036854775808": value out of range',
  },
  { name: "the largest limit", request: `GET ${MAPS}?limit=9223372036854775807`, want: "200 ConfigMapList" },
  {
    name: "a resource version out of range",
    request: `GET ${MAPS}?resourceVersion=18446744073709551616`,
    want: '400 Invalid value: "18446744073709551616": strconv.ParseUint: parsing "18446744073709551616": value out of range',
  },
  { name: "a watch's time that is no number", request: `GET ${MAPS}?watch=1&timeoutSeconds=1s`, want: SYNTAX("1s") },
  { name: "a watch whose time is over", request: `GET ${MAPS}?watch=1&timeoutSeconds=-1`, want: "200 ADDED" },
  { name: "a grace period that is no number", request: `DELETE ${MAPS}/a?gracePeriodSeconds=x`, want: SYNTAX("x") },
  {
    name: "orphans in capitals",
    request: `DELETE ${MAPS}/a?dryRun=All&orphanDependents=TRUE&propagationPolicy=Background`,
    want: '422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Background": orphanDependents and deletionPropagation cannot be both set',
  },
  {
    name: "force that is not `true`, but is not false",
    request: `PATCH ${MAPS}/a?force=1`,
    want: '422 PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  },
  { name: "force in capitals", request: `PATCH ${MAPS}/a?force=False`, want: "200 ConfigMap" },
  {
    name: "a field manager of 128 bytes",
    request: `PATCH ${MAPS}/a?fieldManager=${"%ED%95%9C".repeat(42)}ab`,
    want: "200 ConfigMap",
  },
  {
    name: "a field manager of 129 bytes",
    request: `PATCH ${MAPS}/a?fieldManager=${"%ED%95%9C".repeat(43)}`,
    want: '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
  },
  {
    name: "a field manager with a bell",
    request: `PATCH ${MAPS}/a?fieldManager=%ED%95%9C%07`,
    want: '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "\u{d55c}\\a": invalid character U+0007 (at position 3)',
  },
  {
    name: "a field that a selector may name and no pod has",
    request: "GET /api/v1/pods?fieldSelector=status.podIPs%3D10.0.0.1",
    want: "200 PodList",
  },
  {
    name: "a node by its old name",
    request: "GET /api/v1/pods?fieldSelector=spec.host%3Dn1",
    want: "200 PodList",
  },
  { name: "a timeout that is a duration", request: `GET ${MAPS}?timeout=32s`, want: "200 ConfigMapList" },
  { name: "a timeout of none", request: `GET ${MAPS}?timeout=0s`, want: "200 ConfigMapList" },
  {
    name: "a timeout without a unit",
    request: `GET ${MAPS}?timeout=32`,
    want: '400 invalid timeout specified in the request URL - time: missing unit in duration "32"',
  },
  {
    name: "a watch has no such timeout",
    request: `GET ${MAPS}?watch=1&timeoutSeconds=-1&timeout=x`,
    want: "200 ADDED",
  },
];

for (const { name, request, want } of rows) {
  test(`query parameters: ${name}`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    await api.client().create(configMapKind, { metadata: { name: "a", namespace: "default" } });
    const [method = "", path = ""] = request.split(" ");
    const isPatch = method === "PATCH";
    const { status, body } = await api.handle({
      method: method as "GET",
      path,
      headers: isPatch ? { "content-type": "application/merge-patch+json" } : {},
      ...(isPatch && { body: Buffer.from("{}") }),
    });
    const { kind, type, message } = JSON.parse((await text(body)).split("\n")[0] ?? "");
    assert.equal(`${status} ${message ?? type ?? kind}`, want);
  });
}

test("query parameters: a request ends after the timeout that it asks for", async (t) => {
  const never: SubresourceHandler = {
    groupResource: "pods",
    name: "binding",
    handle: () => new Promise(() => {}),
  };
  const api = await startTestApiServer({ subresources: [never] });
  t.after(() => api.stop());
  const metadata = { name: "p", namespace: "default" };
  await api.client().create(podKind, { metadata, spec: { containers: [{ name: "c", image: "i" }] } });
  const path = "/api/v1/namespaces/default/pods/p/binding?timeout=10ms";
  const { status } = await api.handle({ method: "POST", path, headers: {} });
  assert.equal(status, 504);
});
