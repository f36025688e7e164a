import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeObject } from "./codec/decode-object.ts";
import { encodeStored } from "./codec/encode.ts";
import { complete, problemsOf } from "./complete.testing.ts";
import { leaseKind } from "./coordination/v1/lease/lease.ts";
import { configMapKind } from "./core/v1/configmap/configmap.ts";
import { endpointsKind } from "./core/v1/endpoints/endpoints.ts";
import { eventKind } from "./core/v1/event/event.ts";
import { namespaceKind } from "./core/v1/namespace/namespace.ts";
import { nodeKind } from "./core/v1/node/node.ts";
import { secretKind } from "./core/v1/secret/secret.ts";
import { serviceAccountKind } from "./core/v1/serviceaccount/serviceaccount.ts";
import { endpointSliceKind } from "./discovery/v1/endpointslice/endpointslice.ts";
import { toCoreEvent } from "./events/v1/event/core-event.ts";
import { type Event as EventsEvent, eventKind as eventsEventKind } from "./events/v1/event/event.ts";
import type { Kind } from "./kind.ts";
import { builtinKinds } from "./kinds.ts";
import { clusterRoleKind } from "./rbac/v1/clusterrole/clusterrole.ts";
import { clusterRoleBindingKind } from "./rbac/v1/clusterrolebinding/clusterrolebinding.ts";
import { roleKind } from "./rbac/v1/role/role.ts";
import { roleBindingKind } from "./rbac/v1/rolebinding/rolebinding.ts";
import type { KubeObject } from "./resource-reference.ts";
import type { Draft } from "./schema.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 5);
const metadata = { name: "x", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };

test("every version of a resource has a name of its own, and takes an object that says nothing", () => {
  const names = builtinKinds.map(({ group, version, plural }) => `${plural}.${version}.${group}`);
  assert.equal(new Set(names).size, names.length);
  for (const kind of builtinKinds) {
    const empty = complete(kind, { metadata });
    assert(Array.isArray(kind.validate(empty)), kind.kind);
    for (const column of kind.columns)
      assert.notEqual(column.cell(empty, NOW), undefined, `${kind.kind} ${column.name}`);
    const again = decodeObject(kind, JSON.parse(encodeStored(kind, empty)), { fieldValidation: "Strict" });
    assert(again.error === undefined);
    assert.equal(
      encodeStored(kind, kind.withDefaults(again.object)),
      encodeStored(kind, empty),
      `${kind.kind} settles`,
    );
  }
});

/** One row of a table of checks; the draft is of the kind's own type. */
interface Check {
  readonly name: string;
  problems(): string[];
  readonly want: readonly string[];
}

function check<T extends KubeObject>(
  name: string,
  kind: Kind<T>,
  draft: Draft<NoInfer<T>>,
  want: string[],
  previous?: Draft<NoInfer<T>>,
): Check {
  const problems = () => problemsOf(kind, draft, previous === undefined ? undefined : complete(kind, previous));
  return { name, problems, want };
}

const IMMUTABLE = "Forbidden: field is immutable when `immutable` is set";
const RBAC = "rbac.authorization.k8s.io";
const slice = { metadata, addressType: "IPv4" as const };

const checks: Check[] = [
  check("a ConfigMap key that is no file name", configMapKind, { metadata, data: { "a/b": "" } }, [
    `data[a/b]: Invalid value: "a/b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
  ]),
  check("a key in both parts of a ConfigMap", configMapKind, { metadata, data: { a: "" }, binaryData: { a: "AA==" } }, [
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ]),
  check(
    "a ConfigMap's key that every object of the language has",
    configMapKind,
    { metadata, data: { constructor: "" }, binaryData: { a: "AA==" } },
    [],
  ),
  check("a ConfigMap of more than a mebibyte", configMapKind, { metadata, data: { a: "a".repeat(2 ** 20 + 1) } }, [
    ": Too long: may not be more than 1048576 bytes",
  ]),
  check(
    "a change of an immutable ConfigMap",
    configMapKind,
    { metadata, data: { a: "2" } },
    [`immutable: ${IMMUTABLE}`, `data: ${IMMUTABLE}`],
    { metadata, data: { a: "1" }, immutable: true },
  ),
  check(
    "another type of a Secret",
    secretKind,
    { metadata, type: "example.com/b" },
    ['type: Invalid value: "example.com/b": field is immutable'],
    { metadata, type: "example.com/a" },
  ),
  check("a TLS Secret without its keys", secretKind, { metadata, type: "kubernetes.io/tls" }, [
    "data[tls.crt]: Required value",
    "data[tls.key]: Required value",
  ]),
  check(
    "a registry Secret that is not JSON",
    secretKind,
    { metadata, type: "kubernetes.io/dockerconfigjson", data: {} },
    ["data[.dockerconfigjson]: Required value"],
  ),
  check("an unknown namespace finalizer", namespaceKind, { metadata: { name: "x" }, spec: { finalizers: ["mine"] } }, [
    'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
  ]),
  check(
    "a taint twice, and one without effect",
    nodeKind,
    {
      metadata: { name: "x" },
      spec: { taints: [{ key: "a", effect: "NoSchedule" }, { key: "a", effect: "NoSchedule" }, { key: "b" }] },
    },
    [
      'metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair',
      "metadata.taints[2].effect: Required value",
    ],
  ),
  check(
    "another pod range of a node",
    nodeKind,
    { metadata: { name: "x" }, spec: { podCIDR: "10.244.2.0/24" } },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    { metadata: { name: "x" }, spec: { podCIDR: "10.244.1.0/24" } },
  ),
  check(
    "the first pod range of a node",
    nodeKind,
    { metadata: { name: "x" }, spec: { podCIDR: "10.244.2.0/24" } },
    [],
    { metadata: { name: "x" } },
  ),
  check("Endpoints without addresses", endpointsKind, { metadata, subsets: [{ ports: [{ port: 80 }] }] }, [
    "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
  ]),
  check("Endpoints on the loopback", endpointsKind, { metadata, subsets: [{ addresses: [{ ip: "127.0.0.1" }] }] }, [
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ]),
  check("an EndpointSlice of no sort", endpointSliceKind, { metadata }, ["addressType: Required value"]),
  check("an endpoint without addresses", endpointSliceKind, { ...slice, endpoints: [{}] }, [
    "endpoints[0].addresses: Required value: must contain at least 1 address",
  ]),
  check("an IPv6 endpoint of an IPv4 slice", endpointSliceKind, { ...slice, endpoints: [{ addresses: ["fd00::1"] }] }, [
    'endpoints[0].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address',
  ]),
  check("two unnamed ports of a slice", endpointSliceKind, { ...slice, ports: [{ port: 1 }, { port: 2 }] }, [
    'ports[1].name: Duplicate value: ""',
  ]),
  check(
    "another sort of slice",
    endpointSliceKind,
    { ...slice, addressType: "IPv6" },
    ['addressType: Invalid value: "IPv6": field is immutable'],
    slice,
  ),
  check("an event of another namespace", eventKind, { metadata, involvedObject: { namespace: "other" } }, [
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ]),
  check("a lease of no duration", leaseKind, { metadata, spec: { leaseDurationSeconds: 0 } }, [
    "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
  ]),
  check("a rule that allows nothing", roleKind, { metadata, rules: [{}] }, [
    "rules[0].verbs: Required value: verbs must contain at least one value",
    "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    "rules[0].resources: Required value: resource rules must supply at least one resource",
  ]),
  check("paths in a namespace", roleKind, { metadata, rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] }, [
    'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
  ]),
  check(
    "paths in the cluster",
    clusterRoleKind,
    { metadata: { name: "x" }, rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
    [],
  ),
  check(
    "a binding of an account without a namespace",
    roleBindingKind,
    { metadata, roleRef: { kind: "Role", name: "r" }, subjects: [{ kind: "ServiceAccount", name: "a" }] },
    [],
  ),
  check(
    "a cluster-wide binding of an account without a namespace",
    clusterRoleBindingKind,
    {
      metadata: { name: "x" },
      roleRef: { kind: "ClusterRole", name: "r" },
      subjects: [{ kind: "ServiceAccount", name: "a" }],
    },
    ["subjects[0].namespace: Required value"],
  ),
  check(
    "a binding's subjects of wrong groups and kinds, and without names",
    roleBindingKind,
    {
      metadata,
      roleRef: { kind: "Pod", name: "r", apiGroup: "x" },
      subjects: [
        { kind: "ServiceAccount", name: "A_b", apiGroup: RBAC },
        { kind: "ServiceAccount", apiGroup: "" },
        { kind: "User", name: "u", apiGroup: "x" },
        { kind: "Group", name: "" },
        { kind: "Robot", name: "r" },
      ],
    },
    [
      `roleRef.apiGroup: Unsupported value: "x": supported values: "${RBAC}"`,
      'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
      `subjects[0].name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `subjects[0].apiGroup: Unsupported value: "${RBAC}": supported values: ""`,
      "subjects[1].name: Required value",
      `subjects[2].apiGroup: Unsupported value: "x": supported values: "${RBAC}"`,
      "subjects[3].name: Required value",
      'subjects[4].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
  ),
  check(
    "another role of a binding",
    roleBindingKind,
    { metadata, roleRef: { kind: "Role", name: "b" } },
    [`roleRef: Invalid value: {"kind":"Role","name":"b","apiGroup":"${RBAC}"}: cannot change roleRef`],
    { metadata, roleRef: { kind: "Role", name: "a" } },
  ),
];

for (const { name, problems, want } of checks) {
  test(`validate: ${name}`, () => assert.deepEqual(problems(), want));
}

test("a Secret takes text, and stores bytes", () => {
  const secret = complete(secretKind, { metadata, data: { a: "AA==", b: "AA==" }, stringData: { b: "grün" } });
  assert.deepEqual(secret.data, { a: "AA==", b: "Z3LDvG4=" });
  assert.equal(secret.stringData, undefined);
  assert.equal(secret.type, "Opaque");
});

test("a namespace carries its name as a label", () => {
  const namespace = complete(namespaceKind, { metadata: { name: "shop" } });
  assert.deepEqual(namespace.metadata.labels, { "kubernetes.io/metadata.name": "shop" });
  assert.equal(namespace.status.phase, "Active");
});

/** One row of a table of printed cells. */
interface Printed {
  readonly name: string;
  cells(): unknown[];
  readonly want: readonly unknown[];
}

function printed<T extends KubeObject>(
  name: string,
  kind: Kind<T>,
  draft: Draft<NoInfer<T>>,
  want: unknown[],
): Printed {
  const cells = () => {
    const object = complete(kind, draft);
    return kind.columns.map((column) => column.cell(object, NOW));
  };
  return { name, cells, want };
}

/** As the API server prints an event of `events.k8s.io`: in the form of the core group, in which it is stored. */
function printedEvent(name: string, draft: Draft<EventsEvent>, want: unknown[]): Printed {
  const cells = () => {
    const event = toCoreEvent(complete(eventsEventKind, draft));
    return eventKind.columns.map((column) => column.cell(event, NOW));
  };
  return { name, cells, want };
}

const tables: Printed[] = [
  printed("configmaps", configMapKind, { metadata, data: { a: "" }, binaryData: { b: "AA==" } }, ["x", 2, "5m"]),
  printed("secrets", secretKind, { metadata, data: { a: "" } }, ["x", "Opaque", 1, "5m"]),
  printed("serviceaccounts", serviceAccountKind, { metadata }, ["x", 0, "5m"]),
  printed("namespaces", namespaceKind, { metadata }, ["x", "Active", "5m"]),
  printed(
    "nodes",
    nodeKind,
    {
      metadata: { ...metadata, labels: { "node-role.kubernetes.io/control-plane": "" } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [{ type: "InternalIP", address: "172.30.0.2" }],
        nodeInfo: {
          kubeletVersion: "v1.35.0",
          osImage: "Debian",
          kernelVersion: "6.1",
          containerRuntimeVersion: "containerd://1.6",
        },
      },
    },
    [
      "x",
      "Ready,SchedulingDisabled",
      "control-plane",
      "5m",
      "v1.35.0",
      "172.30.0.2",
      "<none>",
      "Debian",
      "6.1",
      "containerd://1.6",
    ],
  ),
  printed("nodes that say nothing", nodeKind, { metadata }, [
    "x",
    "Unknown",
    "<none>",
    "5m",
    "",
    "<none>",
    "<none>",
    "<unknown>",
    "<unknown>",
    "<unknown>",
  ]),
  printed("endpoints, none", endpointsKind, { metadata }, ["x", "<none>", "5m"]),
  printed(
    "endpoints",
    endpointsKind,
    {
      metadata,
      subsets: [{ addresses: ["1", "2", "3", "4"].map((n) => ({ ip: `10.0.0.${n}` })), ports: [{ port: 80 }] }],
    },
    ["x", "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...", "5m"],
  ),
  printed("endpointslices, empty", endpointSliceKind, slice, ["x", "IPv4", "<unset>", "<unset>", "5m"]),
  printed(
    "endpointslices",
    endpointSliceKind,
    { ...slice, endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["10.0.0.2"] }], ports: [{ port: 80 }] },
    ["x", "IPv4", "80", "10.0.0.1,10.0.0.2", "5m"],
  ),
  printed("leases", leaseKind, { metadata, spec: { holderIdentity: "a" } }, ["x", "a", "5m"]),
  printed("roles", roleKind, { metadata }, ["x", "2026-01-01T00:00:00Z"]),
  printed(
    "rolebindings",
    roleBindingKind,
    {
      metadata,
      roleRef: { kind: "Role", name: "r" },
      subjects: [
        { kind: "User", name: "u" },
        { kind: "ServiceAccount", name: "s", namespace: "n" },
      ],
    },
    ["x", "Role/r", "5m", "u", "", "n/s"],
  ),
  printed(
    "events",
    eventKind,
    {
      metadata,
      involvedObject: { kind: "Pod", name: "p", namespace: "default", fieldPath: "spec.containers{a}" },
      reason: "Started",
      message: "Started container a\n",
      type: "Normal",
      source: { component: "kubelet", host: "n" },
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:04:00Z",
      count: 3,
    },
    ["60s", "Normal", "Started", "pod/p", "spec.containers{a}", "kubelet, n", "Started container a", "5m", "3", "x"],
  ),
  printedEvent(
    "events.events.k8s.io, written in the old way",
    {
      metadata,
      regarding: { kind: "Pod", name: "p" },
      reason: "Started",
      note: "Started container a",
      type: "Normal",
      deprecatedSource: { component: "kubelet", host: "n" },
      deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
      deprecatedLastTimestamp: "2026-01-01T00:04:00Z",
      deprecatedCount: 3,
    },
    ["60s", "Normal", "Started", "pod/p", "", "kubelet, n", "Started container a", "5m", "3", "x"],
  ),
  printedEvent(
    "events.events.k8s.io, written in the new way",
    {
      metadata,
      regarding: { kind: "Pod", name: "p" },
      reason: "Scheduled",
      note: "Assigned",
      type: "Normal",
      eventTime: "2026-01-01T00:00:00.000000Z",
      reportingController: "default-scheduler",
      reportingInstance: "s-1",
    },
    ["5m", "Normal", "Scheduled", "pod/p", "", "default-scheduler, s-1", "Assigned", "5m", "1", "x"],
  ),
];

for (const { name, cells, want } of tables) {
  test(`kubectl get ${name}`, () => assert.deepEqual(cells(), want));
}
