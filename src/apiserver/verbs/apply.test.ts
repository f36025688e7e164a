import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { isConflict } from "@fairlead/api/status-error";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import type { Authorizer } from "../authz/authorizer.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "a" };
const typeMeta = { apiVersion: "v1", kind: "ConfigMap" };

test("an applied object is created, kept account of, and changed only by who owns the field", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const apply = (fieldManager: string, data: object, force = false) =>
    client.patch(configMapKind, key, "apply", { ...typeMeta, metadata: { name: "a" }, data }, { fieldManager, force });

  const created = await apply("one", { x: "1" });
  const account = created.metadata.managedFields?.map(({ manager, operation, fieldsV1 }) => [
    manager,
    operation,
    fieldsV1,
  ]);
  assert.deepEqual(account, [["one", "Apply", { "f:data": { "f:x": {} } }]]);
  assert.deepEqual(await apply("one", { x: "1" }), created, "applying again changes nothing");

  await client.patch(configMapKind, key, "merge", { data: { y: "2" } }, { fieldManager: "editor" });
  await assert.rejects(apply("one", { x: "1", y: "3" }), (error) => {
    assert.ok(isConflict(error));
    assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "editor" using v1: .data.y');
    return true;
  });
  const forced = await apply("one", { x: "1", y: "3" }, true);
  assert.deepEqual(forced.data, { x: "1", y: "3" });
  const last = await apply("one", { x: "1" });
  assert.deepEqual(last.data, { x: "1" });
});

test("an applied struct that gets a default is not changed by applying it again, whatever the time", async (t) => {
  const clock = createFakeClock();
  const api = await startTestApiServer({ clock });
  t.after(() => api.stop());
  const env = [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }];
  const pod = { apiVersion: "v1", kind: "Pod", spec: { containers: [{ name: "c", image: "i", env }] } };
  const apply = () =>
    api.client().patch(podKind, key, "apply", { ...pod, metadata: { name: "a" } }, { fieldManager: "one" });
  const created = await apply();
  assert.equal(created.spec.containers[0]?.env?.[0]?.valueFrom?.fieldRef?.apiVersion, "v1");
  clock.setNow(clock.now() + 60_000);
  assert.deepEqual(await apply(), created);
});

/** A server, and the pod template of a Deployment after a container and volumes are applied. */
async function startWithTemplates(t: TestContext) {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  return async (container: object, volumes: readonly object[] = []) => {
    const labels = { app: "a" };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "c", image: "i", ...container }], volumes },
    };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a" },
      spec: { selector: { matchLabels: labels }, template },
    };
    const stored = await api.client().patch(deploymentKind, key, "apply", deployment, { fieldManager: "one" });
    return stored.spec.template.spec;
  };
}

test("the applied order of environment variables counts, also when nothing else has changed", async (t) => {
  const apply = await startWithTemplates(t);
  const [a, b] = [
    { name: "A", value: "$(B)" },
    { name: "B", value: "1" },
  ];
  for (const env of [[a], [b, a], [a, b]]) {
    const spec = await apply({ env });
    assert.deepEqual(spec.containers[0]?.env, env);
  }
});

const probed = (handler: object) => ({ livenessProbe: handler });
const variable = (value: object) => ({ env: [{ name: "P", ...value }] });
const secretKeyRef = { name: "s", key: "k" };

/** Two applies of one manager; the second leaves a struct out, to which the API server has added defaults. */
const left: readonly {
  readonly name: string;
  readonly before: Parameters<Awaited<ReturnType<typeof startWithTemplates>>>;
  readonly after: Parameters<Awaited<ReturnType<typeof startWithTemplates>>>;
  readonly want: object;
}[] = [
  {
    name: "an HTTP probe",
    before: [probed({ httpGet: { path: "/", port: 80 } })],
    after: [{}],
    want: { livenessProbe: undefined },
  },
  {
    name: "a probe that runs a command",
    before: [probed({ exec: { command: ["x"] } })],
    after: [{}],
    want: { livenessProbe: undefined },
  },
  {
    name: "an HTTP probe for one of TCP",
    before: [probed({ httpGet: { path: "/", port: 80 }, periodSeconds: 5 })],
    after: [probed({ tcpSocket: { port: 80 } })],
    want: {
      livenessProbe: {
        tcpSocket: { port: 80 },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
    },
  },
  {
    name: "the source of a variable",
    before: [variable({ valueFrom: { secretKeyRef } })],
    after: [variable({ value: "x" })],
    want: variable({ value: "x" }),
  },
  {
    name: "a source of a volume",
    before: [{}, [{ name: "v", configMap: { name: "x" } }]],
    after: [{}, [{ name: "v", secret: { secretName: "y" } }]],
    want: { volumes: [{ name: "v", secret: { secretName: "y", defaultMode: 420 } }] },
  },
];

for (const { name, before, after, want } of left) {
  test(`an apply removes ${name} with its defaults`, async (t) => {
    const apply = await startWithTemplates(t);
    await apply(...before);
    const spec = await apply(...after);
    const template = { ...spec.containers[0], volumes: spec.volumes };
    assert.deepEqual(
      Object.fromEntries(Object.keys(want).map((field) => [field, template[field as keyof typeof template]])),
      want,
    );
  });
}

test("an apply without a field manager is refused", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  await assert.rejects(api.client().patch(configMapKind, key, "apply", { ...typeMeta, metadata: { name: "a" } }), {
    message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  });
});

const applier = { manager: "new", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" } as const;
const accounts = [
  {
    name: "a writer may hand an account over to another manager",
    managedFields: [{ ...applier, fieldsV1: { "f:data": { "f:x": {} } } }],
    want: ["new"],
  },
  { name: "a writer may end the account", managedFields: [{}], want: undefined },
  { name: "an empty account ends it too", managedFields: [], want: undefined },
  { name: "an account that is left out stays", managedFields: null, want: ["one"] },
  { name: "an account that makes no sense changes nothing", managedFields: [{ manager: "x" }], want: ["one"] },
];

for (const { name, managedFields, want } of accounts) {
  test(name, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const client = api.client();
    const applied = { ...typeMeta, metadata: { name: "a" }, data: { x: "1" } };
    await client.patch(configMapKind, key, "apply", applied, { fieldManager: "one" });
    const changed = await client.patch(configMapKind, key, "merge", { metadata: { managedFields } });
    assert.deepEqual(
      changed.metadata.managedFields?.map(({ manager }) => manager),
      want,
    );
  });
}

const refused = [
  {
    name: "an unknown field",
    applied: { ...typeMeta, metadata: { name: "a", namespace: "default" }, zz: 1 },
    want: [
      500,
      undefined,
      "failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .zz: field not declared in schema",
    ],
  },
  {
    name: "several problems",
    applied: { ...typeMeta, data: { x: 1 }, immutable: "no" },
    want: [
      500,
      undefined,
      "failed to create typed patch object (/; /v1, Kind=ConfigMap): errors:\n" +
        "  .data.x: expected string, got &value.valueUnstructured{Value:1}\n  .immutable: expected boolean, got &{no}",
    ],
  },
  {
    name: "another kind",
    applied: { apiVersion: "apps/v1", kind: "Deployment" },
    want: [400, "BadRequest", "invalid object type: apps/v1, Kind=Deployment"],
  },
  {
    name: "managed fields",
    applied: { ...typeMeta, metadata: { managedFields: [] } },
    want: [400, "BadRequest", "metadata.managedFields must be nil"],
  },
];

for (const { name, applied, want } of refused) {
  for (const fieldValidation of ["Ignore", "Warn", "Strict"]) {
    test(`an apply with ${name} is refused under fieldValidation=${fieldValidation}`, async (t) => {
      const api = await startTestApiServer();
      t.after(() => api.stop());
      const answer = await api.handle({
        method: "PATCH",
        path: `/api/v1/namespaces/default/configmaps/a?fieldManager=me&fieldValidation=${fieldValidation}`,
        headers: { "content-type": "application/apply-patch+yaml" },
        body: Buffer.from(JSON.stringify(applied)),
      });
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.body) pieces.push(piece);
      const { code, reason, message } = JSON.parse(Buffer.concat(pieces).toString());
      assert.deepEqual([code, reason, message], want);
    });
  }
}

test("an apply creates an object only for a user who may create it, by its name", async (t) => {
  const asked: string[] = [];
  const mayCreate: Authorizer = {
    authorize(attributes) {
      if (attributes.type !== "resource") return { verdict: "noOpinion", reason: "" };
      const { verb, resource, namespace, name } = attributes;
      asked.push(`${verb} ${resource} ${namespace}/${name}`);
      return { verdict: verb === "patch" || name === "a" ? "allow" : "noOpinion", reason: "" };
    },
  };
  const api = await startTestApiServer({ authorizers: [mayCreate] });
  t.after(() => api.stop());
  const apply = (name: string) =>
    api
      .client()
      .patch(
        configMapKind,
        { ...key, name },
        "apply",
        { ...typeMeta, metadata: { name }, data: {} },
        { fieldManager: "m" },
      );
  await apply("a");
  await assert.rejects(apply("b"), {
    reason: "Forbidden",
    message:
      'configmaps "b" is forbidden: User "kubernetes-admin" cannot create resource "configmaps" in API group "" in the namespace "default"',
    details: { name: "b", kind: "configmaps" },
  });
  await apply("a");
  assert.deepEqual(asked, [
    "patch configmaps default/a",
    "create configmaps default/a",
    "patch configmaps default/b",
    "create configmaps default/b",
    "patch configmaps default/a",
  ]);
});
