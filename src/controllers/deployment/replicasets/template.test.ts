import assert from "node:assert/strict";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { complete } from "@fairlead/api/complete.testing";
import { POD_TEMPLATE_HASH, sameTemplate, templateHash } from "./template.ts";

/** The template that the API server would make of this one. */
function template(draft: object) {
  return complete(deploymentKind, { spec: { selector: {}, template: draft } }).spec.template;
}

const labels = { app: "web", tier: "front" };
const container = { name: "c", image: "v1", env: [{ name: "A", value: "1" }], resources: { limits: { cpu: "1" } } };
const one = template({ metadata: { labels }, spec: { containers: [container] } });

test("the hash does not depend on the order of fields, nor on the run", () => {
  const { resources, env, image, name } = container;
  const other = template({
    spec: { containers: [{ resources, env, image, name }] },
    metadata: { labels: { tier: "front", app: "web" } },
  });
  assert.equal(templateHash(other, undefined), templateHash(one, undefined));
  assert.equal(templateHash(one, undefined), "f57d8946c");
});

const different: [string, object][] = [
  ["another image", { metadata: { labels }, spec: { containers: [{ ...container, image: "v2" }] } }],
  ["another label", { metadata: { labels: { ...labels, tier: "back" } }, spec: { containers: [container] } }],
  ["an annotation", { metadata: { labels, annotations: { restarted: "now" } }, spec: { containers: [container] } }],
  [
    "another order of containers",
    { metadata: { labels }, spec: { containers: [{ ...container, name: "d" }, container] } },
  ],
];

for (const [what, draft] of different) {
  test(`${what} is another template`, () => {
    const other = template(draft);
    assert.equal(sameTemplate(one, other), false);
    assert.notEqual(templateHash(other, undefined), templateHash(one, undefined));
  });
}

test("a collision gives another name, of letters and digits that make no words", () => {
  const names = [undefined, 0, 1, 2].map((count) => templateHash(one, count));
  assert.equal(new Set(names).size, 4);
  for (const name of names) assert.match(name, /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
});

test("the label that the controller adds makes no other template", () => {
  const marked = template({
    metadata: { labels: { ...labels, [POD_TEMPLATE_HASH]: "x" } },
    spec: { containers: [container] },
  });
  assert.equal(sameTemplate(one, marked), true);
});
