import assert from "node:assert/strict";
import { test } from "node:test";
import { findCondition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import {
  type CustomResourceDefinition,
  customResourceDefinitionKind,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { isInvalid } from "@fairlead/api/status-error";
import {
  established,
  send,
  startWithCustomResources,
  untilDefinition,
  versionOf,
  widgets,
} from "./custom-resources.testing.ts";

const COLLECTION = "/apis/example.com/v1/namespaces/default/widgets";
const sized = { type: "object", properties: { size: { type: "integer", minimum: 0, default: 1 } } };

function widget(name: string, spec: unknown, more = {}) {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec, ...more };
}

test("a definition is established, and its objects are served", async (t) => {
  const api = await startWithCustomResources(t);
  const definition = await established(api.client(), widgets(sized));
  assert.deepEqual(
    definition.status.conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [
      ["NamesAccepted", "True", "NoConflicts"],
      ["Established", "True", "InitialNamesAccepted"],
    ],
  );
  assert.deepEqual(definition.status.acceptedNames, {
    plural: "widgets",
    singular: "widget",
    kind: "Widget",
    listKind: "WidgetList",
    shortNames: ["wd"],
    categories: ["all"],
  });
  assert.deepEqual(definition.status.storedVersions, ["v1"]);
  const { status, object, warning } = await send(api, "POST", COLLECTION, widget("w", { color: "red" }));
  assert.equal(status, 201, JSON.stringify(object));
  assert.deepEqual([object.spec, object.metadata.generation], [{ size: 1 }, 1]);
  assert.equal(warning, '299 - "unknown field \\"spec.color\\""');
  const { object: list } = await send(api, "GET", COLLECTION);
  assert.equal(list.kind, "WidgetList");
  assert.deepEqual([list.items[0].kind, list.items[0].apiVersion], ["Widget", "example.com/v1"]);
  const { object: resources } = await send(api, "GET", "/apis/example.com/v1");
  assert.deepEqual(resources.resources[0], {
    name: "widgets",
    singularName: "widget",
    namespaced: true,
    kind: "Widget",
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    shortNames: ["wd"],
    categories: ["all"],
  });
});

test("a definition that is deleted takes its objects with it", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const definition = await established(client, widgets(sized));
  for (const name of ["a", "b"]) assert.equal((await send(api, "POST", COLLECTION, widget(name, {}))).status, 201);
  await client.delete(customResourceDefinitionKind, { name: definition.metadata.name });
  const last = await untilDefinition(client, definition, (current) => current === undefined);
  assert.equal(findCondition(last, "Terminating")?.reason, "InstanceDeletionInProgress");
  const again = await established(client, widgets(sized));
  assert.notEqual(again.metadata.uid, definition.metadata.uid);
  assert.deepEqual((await send(api, "GET", COLLECTION)).object.items, []);
});

test("finalizers hold a definition that is deleted; meanwhile no objects are created", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const definition = await established(client, widgets(sized));
  const held = widget("held", {}, { metadata: { name: "held", finalizers: ["example.com/hold"] } });
  assert.equal((await send(api, "POST", COLLECTION, held)).status, 201);
  await client.delete(customResourceDefinitionKind, { name: definition.metadata.name });
  const ending = await untilDefinition(
    client,
    definition,
    (current) =>
      current !== undefined && findCondition(current, "Terminating")?.reason === "InstanceDeletionInProgress",
  );
  assert.deepEqual(ending.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
  assert.deepEqual([ending.metadata.generation, ending.metadata.deletionGracePeriodSeconds], [1, undefined]);
  const refused = await send(api, "POST", COLLECTION, widget("new", {}));
  assert.equal(refused.status, 403);
  assert.equal(
    refused.object.message,
    'widgets.example.com "new" is forbidden: create not allowed while custom resource definition is terminating',
  );
  const { object: resources } = await send(api, "GET", "/apis/example.com/v1");
  assert.deepEqual(resources.resources[0].verbs, ["delete", "deletecollection", "get", "list", "watch"]);
  const headers = { "content-type": "application/merge-patch+json" };
  const released = await send(api, "PATCH", `${COLLECTION}/held`, { metadata: { finalizers: null } }, headers);
  assert.equal(released.status, 200);
  await untilDefinition(client, definition, (current) => current === undefined);
});

test("a restarted server serves what is defined as soon as it has started", async (t) => {
  const api = await startWithCustomResources(t);
  await established(api.client(), widgets(sized));
  await send(api, "POST", COLLECTION, widget("w", { size: 3 }));
  const second = await startWithCustomResources(t, { store: api.store });
  assert.deepEqual((await send(second, "GET", `${COLLECTION}/w`)).object.spec, { size: 3 });
});

test("a changed schema applies to what was stored before", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const definition = await established(client, widgets({ type: "object", properties: { old: { type: "string" } } }));
  const created = await send(api, "POST", COLLECTION, widget("w", { old: "x" }));
  const changed = widgets({ type: "object", properties: { fresh: { type: "string", default: "new" } } });
  const updated = await client.update(customResourceDefinitionKind, {
    ...definition,
    ...({ spec: { ...definition.spec, versions: changed.spec.versions } } as unknown as CustomResourceDefinition),
  });
  assert.equal(updated.metadata.generation, 2);
  const shown = await until(async () => {
    const { object } = await send(api, "GET", `${COLLECTION}/w`);
    return object.spec.fresh === undefined ? undefined : object;
  });
  assert.deepEqual(shown.spec, { fresh: "new" });
  assert.equal(shown.metadata.resourceVersion, created.object.metadata.resourceVersion);
  assert.deepEqual((await send(api, "GET", COLLECTION)).object.items[0].spec, { fresh: "new" });
  // A write that changes nothing brings the stored object into the new form.
  const rewritten = await send(api, "PUT", `${COLLECTION}/w`, shown);
  assert.notEqual(rewritten.object.metadata.resourceVersion, shown.metadata.resourceVersion);
});

test("names that another definition of the group has are not given again, until they are free", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const first = await established(client, widgets(sized));
  const rival = await client.create<CustomResourceDefinition>(customResourceDefinitionKind, {
    metadata: { name: "gadgets.example.com" },
    spec: { ...widgets(sized).spec, names: { plural: "gadgets", kind: "Widget", shortNames: ["wd", "g"] } },
  } as never);
  const refused = await untilDefinition(
    client,
    rival,
    (one) => one !== undefined && findCondition(one, "Established") !== undefined,
  );
  assert.deepEqual(
    refused.status.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]),
    [
      ["NamesAccepted", "False", "ListKindConflict", '"WidgetList" is already in use'],
      ["Established", "False", "NotAccepted", "not all names are accepted"],
    ],
  );
  assert.deepEqual(refused.status.acceptedNames, { plural: "gadgets", kind: "" });
  await client.delete(customResourceDefinitionKind, { name: first.metadata.name });
  const accepted = await untilDefinition(
    client,
    rival,
    (one) => one !== undefined && findCondition(one, "Established")?.status === "True",
  );
  assert.equal(accepted.status.acceptedNames.kind, "Widget");
});

test("an object is written in one version and read in another; each shows what its schema has", async (t) => {
  const api = await startWithCustomResources(t);
  const text = { type: "string" };
  const old = versionOf(
    "v1beta1",
    { type: "object", properties: { a: text, b: text }, required: ["b"] },
    { storage: false },
  );
  const versions = [versionOf("v1", { type: "object", properties: { a: text, c: text } }), old];
  await established(api.client(), widgets(sized, { versions } as never));
  const path = COLLECTION.replace("v1", "v1beta1");
  const body = { ...widget("w", { a: "1", b: "2" }), apiVersion: "example.com/v1beta1" };
  const created = await send(api, "POST", path, body);
  assert.equal(created.status, 201, JSON.stringify(created.object));
  // What the storage version has no field for is lost, as with upstream's conversion strategy None.
  assert.deepEqual([created.object.apiVersion, created.object.spec], ["example.com/v1beta1", { a: "1" }]);
  const { object } = await send(api, "GET", `${COLLECTION}/w`);
  assert.deepEqual([object.apiVersion, object.spec], ["example.com/v1", { a: "1" }]);
  const missing = await send(api, "POST", path, { ...body, metadata: { name: "x" }, spec: { a: "1" } });
  assert.match(missing.object.message, /Widget\.example\.com "x" is invalid: spec\.b: Required value/);
  const { object: group } = await send(api, "GET", "/apis/example.com");
  assert.deepEqual(
    group.versions.map(({ version }: { version: string }) => version),
    ["v1", "v1beta1"],
  );
});

test("the storage version is changed: what was stored is read in the new one", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const spec = { type: "object", properties: { a: { type: "string" } } };
  const versions = (storage: string) =>
    ["v1", "v2"].map((name) => versionOf(name, spec, { storage: name === storage }));
  const definition = await established(client, widgets(spec, { versions: versions("v1") } as never));
  await send(api, "POST", COLLECTION, widget("w", { a: "1" }));
  const changed = await client.update(customResourceDefinitionKind, {
    ...definition,
    ...({ spec: { ...definition.spec, versions: versions("v2") } } as unknown as CustomResourceDefinition),
  });
  assert.deepEqual(changed.status.storedVersions, ["v1", "v2"]);
  for (const version of ["v1", "v2"]) {
    const { object } = await send(api, "GET", COLLECTION.replace("v1", version));
    assert.deepEqual([object.items[0].apiVersion, object.items[0].spec], [`example.com/${version}`, { a: "1" }]);
  }
  const dropped = versions("v2").filter(({ name }) => name === "v2");
  const gone = client.update(customResourceDefinitionKind, {
    ...changed,
    ...({ spec: { ...changed.spec, versions: dropped } } as unknown as CustomResourceDefinition),
  });
  await assert.rejects(
    gone,
    /status\.storedVersions\[0\]: Invalid value: "v1": missing from spec\.versions; v1 was previously a storage version/,
  );
});

test("what was wrong before is accepted where it does not change", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const free = { type: "object", properties: { name: { type: "string" }, size: { type: "integer" } } };
  const definition = await established(client, widgets(free));
  const { object } = await send(api, "POST", COLLECTION, widget("w", { name: "TOO LOUD", size: 1 }));
  const strict = {
    type: "object",
    properties: { name: { type: "string", pattern: "^[a-z]+$" }, size: { type: "integer" } },
  };
  await client.update(customResourceDefinitionKind, {
    ...definition,
    ...({
      spec: { ...definition.spec, versions: widgets(strict).spec.versions },
    } as unknown as CustomResourceDefinition),
  });
  await until(async () =>
    (await send(api, "POST", `${COLLECTION}?dryRun=All`, widget("x", { name: "LOUD" }))).status === 422
      ? true
      : undefined,
  );
  const kept = await send(api, "PUT", `${COLLECTION}/w`, { ...object, spec: { name: "TOO LOUD", size: 2 } });
  assert.equal(kept.status, 200, JSON.stringify(kept.object));
  const refused = await send(api, "PUT", `${COLLECTION}/w`, { ...kept.object, spec: { name: "LOUDER", size: 2 } });
  assert.equal(refused.status, 422);
});

test("a scale is read from and written to the paths of the version", async (t) => {
  const api = await startWithCustomResources(t);
  const spec = { type: "object", properties: { count: { type: "integer" } } };
  const scale = {
    specReplicasPath: ".spec.count",
    statusReplicasPath: ".status.ready",
    labelSelectorPath: ".status.pods",
  };
  const versions = [versionOf("v1", spec, { subresources: { status: {}, scale } })];
  await established(api.client(), widgets(spec, { versions } as never));
  await send(api, "POST", COLLECTION, widget("w", { count: 2 }));
  const path = `${COLLECTION}/w/scale`;
  const { object } = await send(api, "GET", path);
  assert.deepEqual([object.kind, object.spec, object.status], ["Scale", { replicas: 2 }, { replicas: 0 }]);
  const scaled = await send(api, "PUT", path, { ...object, spec: { replicas: 5 } });
  assert.deepEqual(scaled.object.spec, { replicas: 5 }, JSON.stringify(scaled.object));
  const status = { ready: 1, pods: "app=w" };
  const whole = (await send(api, "GET", `${COLLECTION}/w`)).object;
  assert.equal(whole.spec.count, 5);
  await send(api, "PUT", `${COLLECTION}/w/status`, { ...whole, status });
  assert.deepEqual((await send(api, "GET", path)).object.status, { replicas: 1, selector: "app=w" });
  const { object: current } = await send(api, "GET", `${COLLECTION}/w`);
  const negative = await send(api, "PUT", `${COLLECTION}/w/status`, { ...current, status: { ready: -1 } });
  assert.match(negative.object.message, /\.status\.ready: Invalid value: -1: should be a non-negative integer/);
  await send(api, "POST", COLLECTION, widget("none", {}));
  const none = await send(api, "GET", `${COLLECTION}/none/scale`);
  assert.equal(none.status, 500);
  assert.match(none.object.message, /the spec replicas field ".spec.count" does not exist/);
});

test("tables have the columns of the definition; field selectors its fields", async (t) => {
  const api = await startWithCustomResources(t);
  const spec = { type: "object", properties: { color: { type: "string" }, size: { type: "integer" } } };
  const additionalPrinterColumns = [
    { name: "Color", type: "string", jsonPath: ".spec.color" },
    { name: "Size", type: "integer", jsonPath: ".spec.size", priority: 1, description: "How large." },
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Made", type: "date", jsonPath: ".spec.made" },
  ];
  const versions = [
    versionOf("v1", spec, { additionalPrinterColumns, selectableFields: [{ jsonPath: ".spec.color" }] }),
  ];
  await established(api.client(), widgets(spec, { versions } as never));
  await send(api, "POST", COLLECTION, widget("red", { color: "red", size: 3 }));
  await send(api, "POST", COLLECTION, widget("blue", { color: "blue" }));
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const { object: table } = await send(api, "GET", `${COLLECTION}?fieldSelector=spec.color%3Dred`, undefined, {
    accept,
  });
  assert.deepEqual(
    table.columnDefinitions.map(({ name, priority }: { name: string; priority: number }) => [name, priority]),
    [
      ["Name", 0],
      ["Color", 0],
      ["Size", 1],
      ["Ready", 0],
      ["Made", 0],
    ],
  );
  assert.equal(
    table.columnDefinitions[1].description,
    "Custom resource definition column (in JSONPath format): .spec.color",
  );
  assert.deepEqual(
    table.rows.map(({ cells }: { cells: unknown[] }) => cells),
    [["red", "red", 3, null, null]],
  );
});

const refusals: readonly { readonly name: string; readonly change: object; readonly want: RegExp }[] = [
  {
    name: "another name than plural and group",
    change: { metadata: { name: "other.example.com" } },
    want: /metadata\.name: Invalid value: "other\.example\.com": must be spec\.names\.plural\+"\."\+spec\.group/,
  },
  {
    name: "a schema that is not structural",
    change: { spec: { ...widgets({}).spec } },
    want: /spec\.validation\.openAPIV3Schema\.properties\[spec\]\.type: Required value: must not be empty for specified object fields/,
  },
  {
    name: "no storage version",
    change: { spec: { ...widgets(sized).spec, versions: [versionOf("v1", sized, { storage: false })] } },
    want: /spec\.versions: Invalid value: .*must have exactly one version marked as storage version/,
  },
  {
    name: "an unapproved group of Kubernetes",
    change: {
      metadata: { name: "widgets.k8s.io" },
      spec: { ...widgets(sized).spec, group: "k8s.io" },
    },
    want: /metadata\.annotations\[api-approved\.kubernetes\.io\]: Required value: protected groups must have approval annotation "api-approved\.kubernetes\.io", see https:\/\/github\.com\/kubernetes\/enhancements\/pull\/1111/,
  },
  {
    name: "a default that is no valid value",
    change: { spec: widgets({ type: "object", properties: { size: { type: "integer", default: "large" } } }).spec },
    want: /properties\[spec\]\.properties\[size\]\.default: Invalid value: "string": .*must be of type integer: "string"/,
  },
  {
    name: "a pattern that is none",
    change: { spec: widgets({ type: "object", properties: { a: { type: "string", pattern: "a(b" } } }).spec },
    want: /properties\[a\]\.pattern: Invalid value: "a\(b": must be a valid regular expression, but isn't: error parsing regexp: missing closing \): `a\(b`/,
  },
];

for (const { name, change, want } of refusals) {
  test(`a definition is refused: ${name}`, async (t) => {
    const api = await startWithCustomResources(t);
    const definition = { ...widgets(sized), ...change } as never;
    await assert.rejects(api.client().create(customResourceDefinitionKind, definition), (error) => {
      assert.ok(isInvalid(error));
      assert.match(error.message, want);
      return true;
    });
  });
}

test("a definition of a built-in resource is not served in its place", async (t) => {
  const api = await startWithCustomResources(t);
  const client = api.client();
  const group = "rbac.authorization.k8s.io";
  const definition = await established(client, {
    metadata: { name: `roles.${group}`, annotations: { "api-approved.kubernetes.io": "unapproved, for a test" } },
    spec: { ...widgets(sized).spec, group, names: { plural: "roles", kind: "Role" } },
  } as never);
  assert.equal(findCondition(definition, "KubernetesAPIApprovalPolicyConformant")?.reason, "UnapprovedAnnotation");
  const path = `/apis/${group}/v1/namespaces/default/roles`;
  const role = {
    apiVersion: `${group}/v1`,
    kind: "Role",
    metadata: { name: "r" },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  };
  assert.deepEqual((await send(api, "POST", path, role)).object.rules, role.rules);
  await client.delete(customResourceDefinitionKind, { name: definition.metadata.name });
  await untilDefinition(client, definition, (current) => current === undefined);
  assert.equal((await send(api, "GET", `${path}/r`)).status, 200);
});

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return assert.fail("It did not come to pass");
}
