import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { type Namespace, namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { StatusError } from "@fairlead/api/status-error";
import type { AdmissionRequest } from "./admission.ts";
import { admissionRequest, lookupOf } from "./admission-request.testing.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";

const cases: { name: string; request: AdmissionRequest; want: string }[] = [
  { name: "a new object in a namespace", request: writeOf("shop"), want: "passes" },
  { name: "a new object in no namespace", request: writeOf("ghost"), want: 'NotFound: namespaces "ghost" not found' },
  {
    name: "a new object in a namespace that is ending",
    request: writeOf("ending"),
    want: 'Forbidden: configmaps "c" is forbidden: unable to create new content in namespace ending because it is being terminated',
  },
  {
    name: "an update in a namespace that is ending",
    request: { ...writeOf("ending"), operation: "update" },
    want: "passes",
  },
  { name: "a deletion in no namespace", request: { ...writeOf("ghost"), operation: "delete" }, want: "passes" },
  { name: "the end of a namespace", request: endOf("shop"), want: "passes" },
  ...["default", "kube-system", "kube-public"].map((name) => ({
    name: `the end of ${name}`,
    request: endOf(name),
    want: `Forbidden: namespaces "${name}" is forbidden: this namespace may not be deleted`,
  })),
  { name: "the end of kube-node-lease", request: endOf("kube-node-lease"), want: "passes" },
];

for (const { name, request, want } of cases) {
  test(`NamespaceLifecycle: ${name}`, async () => {
    const namespaces = lookupOf({ shop: namespace("shop"), ending: namespace("ending", "Terminating") });
    assert.equal(await outcome(namespaceLifecycle({ namespaces, clock: { monotonicMs: () => 0 } }), request), want);
  });
}

test("NamespaceLifecycle: for a while after a deletion the cache is not believed", async () => {
  let now = 0;
  const cached = lookupOf({ shop: namespace("shop") });
  const live = lookupOf({ shop: namespace("shop", "Terminating") });
  const plugin = namespaceLifecycle({ namespaces: { ...cached, live: live.live }, clock: { monotonicMs: () => now } });
  assert.equal(await outcome(plugin, writeOf("shop")), "passes");
  await plugin.validate?.(endOf("shop"));
  assert.match(await outcome(plugin, writeOf("shop")), /being terminated/);
  now = 31_000;
  assert.equal(await outcome(plugin, writeOf("shop")), "passes");
});

async function outcome(plugin: ReturnType<typeof namespaceLifecycle>, request: AdmissionRequest): Promise<string> {
  try {
    // A deletion is only validated.
    if (request.operation !== "delete") await plugin.admit?.(request);
    await plugin.validate?.(request);
    return "passes";
  } catch (error) {
    if (error instanceof StatusError) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

function writeOf(inNamespace: string): AdmissionRequest {
  const metadata = { name: "c", namespace: inNamespace, uid: "", resourceVersion: "", creationTimestamp: "" };
  return admissionRequest({ kind: configMapKind, object: { apiVersion: "v1", kind: "ConfigMap", metadata } });
}

function endOf(name: string): AdmissionRequest {
  return admissionRequest({ kind: namespaceKind, object: namespace(name), operation: "delete" });
}

function namespace(name: string, phase: "Active" | "Terminating" = "Active"): Namespace {
  const metadata = { name, uid: "", resourceVersion: "", creationTimestamp: "" };
  return { apiVersion: "v1", kind: "Namespace", metadata, spec: {}, status: { phase } };
}
