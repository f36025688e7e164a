import assert from "node:assert/strict";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { complete } from "@fairlead/api/complete.testing";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Kind } from "@fairlead/api/kind";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { WriteForm } from "./track-write.ts";
import { trackWrite } from "./track-write.ts";

const own = { ".": {} };
const metadata = {
  name: "x",
  namespace: "default",
  uid: "u",
  generation: 1,
  creationTimestamp: "2026-01-01T00:00:00Z",
};

/** FieldsV1 as upstream's `kubectl create` and controllers leave it. */
const created: readonly {
  readonly name: string;
  readonly kind: Kind;
  readonly draft: object;
  readonly want: object;
}[] = [
  {
    name: "a Deployment of kubectl create deployment",
    kind: deploymentKind,
    draft: {
      metadata: { ...metadata, labels: { app: "web" } },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "nginx", image: "nginx" }] },
        },
      },
      status: { replicas: 1 },
    },
    want: {
      "f:metadata": { "f:labels": { ...own, "f:app": {} } },
      "f:spec": {
        "f:progressDeadlineSeconds": {},
        "f:replicas": {},
        "f:revisionHistoryLimit": {},
        "f:selector": {},
        "f:strategy": { "f:rollingUpdate": { ...own, "f:maxSurge": {}, "f:maxUnavailable": {} }, "f:type": {} },
        "f:template": {
          "f:metadata": { "f:labels": { ...own, "f:app": {} } },
          "f:spec": {
            "f:containers": {
              'k:{"name":"nginx"}': {
                ...own,
                "f:image": {},
                "f:imagePullPolicy": {},
                "f:name": {},
                "f:resources": {},
                "f:terminationMessagePath": {},
                "f:terminationMessagePolicy": {},
              },
            },
            "f:dnsPolicy": {},
            "f:restartPolicy": {},
            "f:schedulerName": {},
            "f:securityContext": {},
            "f:terminationGracePeriodSeconds": {},
          },
        },
      },
    },
  },
  {
    name: "a Service of kubectl expose",
    kind: serviceKind,
    draft: { metadata, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } },
    want: {
      "f:spec": {
        "f:internalTrafficPolicy": {},
        "f:ports": {
          ...own,
          'k:{"port":80,"protocol":"TCP"}': { ...own, "f:port": {}, "f:protocol": {}, "f:targetPort": {} },
        },
        "f:selector": {},
        "f:sessionAffinity": {},
        "f:type": {},
      },
    },
  },
  {
    name: "a pod of a ReplicaSet",
    kind: podKind,
    draft: {
      metadata: {
        ...metadata,
        generateName: "web-",
        finalizers: ["a/b"],
        ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "7", controller: true }],
      },
      spec: {
        containers: [
          {
            name: "c",
            image: "i",
            env: [{ name: "A", value: "1" }],
            ports: [{ containerPort: 80 }],
            resources: { limits: { cpu: "1" } },
            volumeMounts: [{ name: "v", mountPath: "/v" }],
          },
        ],
        volumes: [{ name: "v", emptyDir: {} }],
      },
    },
    want: {
      "f:metadata": {
        "f:finalizers": { ...own, 'v:"a/b"': {} },
        "f:generateName": {},
        "f:ownerReferences": { ...own, 'k:{"uid":"7"}': {} },
      },
      "f:spec": {
        "f:containers": {
          'k:{"name":"c"}': {
            ...own,
            "f:env": { ...own, 'k:{"name":"A"}': { ...own, "f:name": {}, "f:value": {} } },
            "f:image": {},
            "f:imagePullPolicy": {},
            "f:name": {},
            "f:ports": {
              ...own,
              'k:{"containerPort":80,"protocol":"TCP"}': { ...own, "f:containerPort": {}, "f:protocol": {} },
            },
            "f:resources": { ...own, "f:limits": { ...own, "f:cpu": {} }, "f:requests": { ...own, "f:cpu": {} } },
            "f:terminationMessagePath": {},
            "f:terminationMessagePolicy": {},
            "f:volumeMounts": { ...own, 'k:{"mountPath":"/v"}': { ...own, "f:mountPath": {}, "f:name": {} } },
          },
        },
        "f:dnsPolicy": {},
        "f:enableServiceLinks": {},
        "f:restartPolicy": {},
        "f:schedulerName": {},
        "f:securityContext": {},
        "f:terminationGracePeriodSeconds": {},
        "f:volumes": { ...own, 'k:{"name":"v"}': { ...own, "f:emptyDir": {}, "f:name": {} } },
      },
    },
  },
  {
    name: "keys that every object of the language has",
    kind: configMapKind,
    draft: { metadata, data: { constructor: "1", ["__proto__"]: "2" } },
    want: { "f:data": { ...own, "f:__proto__": {}, "f:constructor": {} } },
  },
];

for (const { name, kind, draft, want } of created) {
  test(`trackWrite: ${name}`, () => {
    const wanted = complete(kind, draft);
    const entries = trackWrite({
      forms: new Map([[apiVersionOf(kind), { kind, previous: undefined, wanted }]]),
      manager: updater(kind, "kubectl-create"),
      time: "t1",
    });
    assert.deepEqual(entries, [
      {
        manager: "kubectl-create",
        operation: "Update",
        apiVersion: apiVersionOf(kind),
        time: "t1",
        fieldsType: "FieldsV1",
        fieldsV1: want,
      },
    ]);
  });
}

type Data = Readonly<Record<string, string>>;
type Step = readonly [by: string, data: Data];

/** Writes of the data of a ConfigMap, and `manager@time: fields` of each entry afterwards. */
const updates: readonly { readonly name: string; readonly steps: readonly Step[]; readonly want: readonly string[] }[] =
  [
    {
      name: "a write that changes nothing",
      steps: [
        ["a", { x: "1" }],
        ["b", { x: "1" }],
      ],
      want: ["a@1: . x"],
    },
    {
      name: "a changed key goes to its writer",
      steps: [
        ["a", { x: "1", y: "1" }],
        ["b", { x: "2", y: "1" }],
      ],
      want: ["a@1: . y", "b@2: x"],
    },
    {
      name: "a new key goes to its writer",
      steps: [
        ["a", { x: "1" }],
        ["b", { x: "1", y: "1" }],
      ],
      want: ["a@1: . x", "b@2: y"],
    },
    {
      name: "a manager's writes are one entry",
      steps: [
        ["a", { x: "1" }],
        ["b", { x: "1", y: "1" }],
        ["a", { x: "2", y: "1" }],
      ],
      want: ["b@2: y", "a@3: . x"],
    },
    {
      name: "a removed key has no owner",
      steps: [
        ["a", { x: "1", y: "1" }],
        ["b", { x: "1" }],
      ],
      want: ["a@1: . x"],
    },
    {
      name: "a manager of nothing has no entry",
      steps: [
        ["a", { x: "1" }],
        ["b", { x: "1", y: "1" }],
        ["a", { x: "1" }],
      ],
      want: ["a@1: . x"],
    },
    {
      name: "all keys go",
      steps: [
        ["a", { x: "1" }],
        ["b", {}],
      ],
      want: [],
    },
    {
      name: "an eleventh updater",
      steps: [["m00", { k00: "1" }], ...Array.from({ length: 10 }, (_, i): Step => [`m${i + 1}`, keys(i + 1)])],
      want: [
        "ancient-changes@2: . k00 k01",
        ...Array.from({ length: 9 }, (_, i) => `m${i + 2}@${i + 3}: k${String(i + 2).padStart(2, "0")}`),
      ],
    },
    {
      name: "a twelfth one",
      steps: [["m00", { k00: "1" }], ...Array.from({ length: 11 }, (_, i): Step => [`m${i + 1}`, keys(i + 1)])],
      want: [
        "ancient-changes@3: . k00 k01 k02",
        ...Array.from({ length: 9 }, (_, i) => `m${i + 3}@${i + 4}: k${String(i + 3).padStart(2, "0")}`),
      ],
    },
  ];

/** The keys `k00` to the given one. */
function keys(last: number): Data {
  return Object.fromEntries(Array.from({ length: last + 1 }, (_, i) => [`k${String(i).padStart(2, "0")}`, "1"]));
}

for (const { name, steps, want } of updates) {
  test(`trackWrite: ${name}`, () => {
    let previous: KubeObject | undefined;
    for (const [index, [by, data]] of steps.entries()) {
      const manager = updater(configMapKind, by);
      const wanted = complete(configMapKind, { metadata, data });
      // Padded, so that times sort as texts.
      const time = String(index + 1).padStart(2, "0");
      const managedFields = trackWrite({ forms: inV1({ previous, wanted }), manager, time });
      previous = { ...wanted, metadata: { ...wanted.metadata, managedFields } };
    }
    assert.deepEqual((previous?.metadata.managedFields ?? []).map(shown), want);
  });
}

function shown({ manager, time, fieldsV1 }: ManagedFieldsEntry): string {
  const fields = (fieldsV1 as { readonly "f:data": object })["f:data"];
  return `${manager}@${Number(time)}: ${Object.keys(fields)
    .map((step) => step.replace("f:", ""))
    .join(" ")}`;
}

test("trackWrite: an object without entries gets none before it is applied", () => {
  const previous = complete(configMapKind, { metadata, data: { x: "1" } });
  const wanted = complete(configMapKind, { metadata, data: { x: "2" } });
  const write = { forms: inV1({ previous, wanted }), manager: updater(configMapKind, "a"), time: "1" };
  assert.equal(trackWrite(write), undefined);
});

test("trackWrite: fields that the kind sets itself have no manager, fields that it resets stay with their owner", () => {
  const entry = {
    ...updater(configMapKind, "a"),
    manager: "a",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:data": { "f:x": {}, "f:y": {} } },
  };
  const previous = complete(configMapKind, {
    metadata: { ...metadata, managedFields: [entryOf(entry)] },
    data: { x: "1", y: "1" },
  });
  const wanted = complete(configMapKind, { metadata, data: { x: "2", y: "2" } });
  const prepared = complete(configMapKind, { metadata, data: { x: "2", y: "1", z: "1" } });
  const entries = trackWrite({
    forms: inV1({ previous, wanted, prepared }),
    manager: updater(configMapKind, "b"),
    time: "2",
  });
  assert.deepEqual(
    entries?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    [
      ["a", { "f:data": { "f:y": {} } }],
      ["b", { "f:data": { "f:x": {} } }],
    ],
  );
});

/** A write of a ConfigMap, in the one version that it has. */
function inV1(form: Omit<WriteForm, "kind">): ReadonlyMap<string, WriteForm> {
  return new Map([["v1", { kind: configMapKind, ...form }]]);
}

function entryOf({ manager, operation, apiVersion, fieldsType, fieldsV1 }: ManagedFieldsEntry): ManagedFieldsEntry {
  return { manager, operation, apiVersion, fieldsType, fieldsV1 };
}

function updater(kind: Kind, name: string) {
  return { name, operation: "Update" as const, apiVersion: apiVersionOf(kind), subresource: "" };
}
