import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { isInvalid } from "@fairlead/api/status-error";
import { established, send, startWithCustomResources, versionOf, widgets } from "./custom-resources.testing.ts";

const COLLECTION = "/apis/example.com/v1/namespaces/default/widgets";
const RULES = "x-kubernetes-validations";
const replicated = {
  type: "object",
  required: ["min"],
  properties: { min: { type: "integer" }, max: { type: "integer" }, note: { type: "string" } },
  [RULES]: [{ rule: "self.min <= self.max", message: "min must not exceed max", fieldPath: ".min" }],
};

function widget(name: string, spec: unknown, more: object = {}) {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name, ...more }, spec };
}

test("an object that does not fulfil a rule is refused with the path that the rule blames", async (t) => {
  const api = await startWithCustomResources(t);
  await established(api.client(), widgets(replicated));
  assert.equal((await send(api, "POST", COLLECTION, widget("fine", { min: 1, max: 2 }))).status, 201);
  const { status, object } = await send(api, "POST", COLLECTION, widget("w", { min: 3, max: 2 }));
  assert.equal(status, 422);
  assert.equal(object.message, 'Widget.example.com "w" is invalid: spec.min: Invalid value: min must not exceed max');
  assert.deepEqual(object.details.causes, [
    { reason: "FieldValueInvalid", message: "Invalid value: min must not exceed max", field: "spec.min" },
  ]);
});

test("rules are not evaluated for an object that they could not read", async (t) => {
  const api = await startWithCustomResources(t);
  await established(api.client(), widgets(replicated));
  const { status, object } = await send(api, "POST", COLLECTION, widget("w", { max: 2 }));
  assert.equal(status, 422);
  assert.equal(
    object.message,
    'Widget.example.com "w" is invalid: [spec.min: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
  );
});

test("a value that broke a rule before is accepted with a warning while it is unchanged", async (t) => {
  const api = await startWithCustomResources(t);
  const loose = { type: "object", properties: replicated.properties };
  const definition = await established(api.client(), widgets(loose));
  await send(api, "POST", COLLECTION, widget("w", { min: 3, max: 2 }));
  const name = definition.metadata.name;
  const spec = { versions: [versionOf("v1", replicated)] };
  await api.client().patch(customResourceDefinitionKind, { name }, "merge", { spec });
  const path = `${COLLECTION}/w`;
  const merge = { "content-type": "application/merge-patch+json" };
  const end = AbortSignal.timeout(10_000);
  let answer = await send(api, "PATCH", path, { metadata: { labels: { n: "0" } } }, merge);
  for (let n = 1; answer.warning === undefined && !end.aborted; n++) {
    await setImmediate();
    answer = await send(api, "PATCH", path, { metadata: { labels: { n: String(n) } } }, merge);
  }
  assert.equal(answer.status, 200);
  assert.equal(answer.warning, '299 - "spec.min: Invalid value: min must not exceed max"');
  const changed = await send(api, "PATCH", path, { spec: { note: "x" } }, merge);
  assert.equal(changed.status, 422);
});

test("rules about changes see the object before", async (t) => {
  const api = await startWithCustomResources(t);
  const fixed = {
    type: "object",
    properties: { color: { type: "string", [RULES]: [{ rule: "self == oldSelf", message: "color is immutable" }] } },
  };
  await established(api.client(), widgets(fixed));
  await send(api, "POST", COLLECTION, widget("w", { color: "red" }));
  const merge = { "content-type": "application/merge-patch+json" };
  const { status, object } = await send(api, "PATCH", `${COLLECTION}/w`, { spec: { color: "blue" } }, merge);
  assert.equal(status, 422);
  assert.equal(
    object.message,
    'Widget.example.com "w" is invalid: spec.color: Invalid value: "blue": color is immutable',
  );
});

test("a definition with a rule that does not compile is refused", async (t) => {
  const api = await startWithCustomResources(t);
  const spec = { type: "object", properties: { size: { type: "integer", [RULES]: [{ rule: "self == 'x'" }] } } };
  await assert.rejects(api.client().create(customResourceDefinitionKind, widgets(spec)), (error) => {
    assert(isInvalid(error));
    assert.match(
      error.message,
      /properties\[spec\]\.properties\[size\]\.x-kubernetes-validations\[0\]\.rule: Invalid value: /,
    );
    assert.match(error.message, /found no matching overload for '_==_' applied to '\(int, string\)'/);
    return true;
  });
});

test("a default has to fulfil the rules", async (t) => {
  const api = await startWithCustomResources(t);
  const spec = {
    type: "object",
    properties: { size: { type: "integer", default: 0, [RULES]: [{ rule: "self > 0" }] } },
  };
  await assert.rejects(
    api.client().create(customResourceDefinitionKind, widgets(spec)),
    /default: Invalid value: 0: failed rule: self > 0/,
  );
});
