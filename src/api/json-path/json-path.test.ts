import assert from "node:assert/strict";
import { test } from "node:test";
import { findByPath } from "./find-by-path.ts";
import { parseJsonPath } from "./parse-json-path.ts";

const object = {
  metadata: { labels: { "app.kubernetes.io/name": "web", "a'b": "quoted" } },
  spec: {
    replicas: 3,
    ratio: 0.5,
    empty: null,
    ports: [{ name: "a", port: 80 }, { name: "b)", port: 443 }, { port: 9 }],
  },
  status: {
    conditions: [
      { type: "Synced", status: "False" },
      { type: "Ready", status: "True", weight: 2 },
    ],
  },
};

const rows: readonly { readonly path: string; readonly want: readonly unknown[] | undefined }[] = [
  { path: ".spec.replicas", want: [3] },
  { path: "$.spec.replicas", want: [3] },
  { path: ".spec.missing.deeper", want: [] },
  { path: ".spec.empty", want: [null] },
  { path: ".spec.replicas.deeper", want: [] },
  { path: '.status.conditions[?(@.type=="Ready")].status', want: ["True"] },
  { path: ".status.conditions[?(@.type=='Ready')].status", want: ["True"] },
  { path: ".status.conditions[?(@.type != 'Ready')].status", want: ["False"] },
  { path: ".status.conditions[?(@.weight)].type", want: ["Ready"] },
  { path: ".status.conditions[?(@.weight>1)].type", want: ["Ready"] },
  { path: ".status.conditions[?(@.weight>1.5)].type", want: undefined },
  { path: '.spec.ports[?(@.name=="b)")].port', want: [443] },
  { path: ".spec.ports[?(@.port==80)].name", want: ["a"] },
  { path: ".spec.ports[0].port", want: [80] },
  { path: ".spec.ports[-1].port", want: [9] },
  { path: ".spec.ports[-2].port", want: [443] },
  { path: ".spec.ports[0:2].port", want: [80, 443] },
  { path: ".spec.ports[::2].port", want: [80, 9] },
  { path: ".spec.ports[1:].port", want: [443, 9] },
  { path: ".spec.ports[5].port", want: undefined },
  { path: ".spec.ports[0,2].port", want: [80, 9] },
  { path: ".spec.ports[*].name", want: ["a", "b)"] },
  { path: ".spec.ports.*.port", want: [80, 443, 9] },
  { path: ".spec..port", want: [80, 443, 9] },
  { path: "..name", want: ["a", "b)"] },
  { path: ".metadata.labels.app\\.kubernetes\\.io/name", want: ["web"] },
  { path: ".metadata.labels['app\\.kubernetes\\.io/name']", want: ["web"] },
  { path: ".spec[0]", want: undefined },
  { path: ".metadata[?(@.a)]", want: undefined },
  { path: ".constructor", want: [] },
];

for (const { path, want } of rows) {
  test(`${path} leads to ${JSON.stringify(want) ?? "nothing that could be printed"}`, () => {
    const parsed = parseJsonPath(path);
    assert.ok(!("error" in parsed), JSON.stringify(parsed));
    assert.deepEqual(findByPath(parsed, object), want);
  });
}

const wrong: readonly (readonly [path: string, error: string])[] = [
  [".spec[", "unterminated array"],
  [".spec[a]", "invalid array index a"],
  [".spec[?(@.a", "unterminated filter"],
  [".spec[?(@.a)", "unclosed array expect ]"],
  [".spec....a", "invalid multiple recursive descent"],
  [".spec}", "unrecognized character in action: }"],
  [".a['b", "unterminated array"],
];

for (const [path, error] of wrong) {
  test(`${path} is no path: ${error}`, () => assert.deepEqual(parseJsonPath(path), { error }));
}

test("a path through every part of a large object ends", () => {
  let deep: unknown = "x";
  for (let level = 0; level < 5_000; level++) deep = { a: deep, b: [deep === "x"] };
  const parsed = parseJsonPath("..a..a..a");
  assert.ok(!("error" in parsed));
  assert.equal(findByPath(parsed, deep), undefined);
});
