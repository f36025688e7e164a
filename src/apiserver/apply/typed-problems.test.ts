import assert from "node:assert/strict";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Kind } from "@fairlead/api/kind";
import { typedProblems } from "./typed-problems.ts";

const container = (fields: object) => ({ spec: { containers: [{ name: "c", ...fields }] } });

const rows: readonly {
  readonly name: string;
  readonly kind: Kind;
  readonly value: object;
  readonly want: readonly string[];
}[] = [
  { name: "a configuration that fits", kind: podKind, value: container({ ports: [{ containerPort: 80 }] }), want: [] },
  {
    name: "null anywhere",
    kind: podKind,
    value: { metadata: null, spec: { containers: null, hostname: null } },
    want: [],
  },
  {
    name: "an unknown field at the top",
    kind: deploymentKind,
    value: { zz: 1 },
    want: [".zz: field not declared in schema"],
  },
  {
    name: "an unknown field of an item",
    kind: podKind,
    value: container({ zz: 1 }),
    want: ['.spec.containers[name="c"].zz: field not declared in schema'],
  },
  {
    name: "a field that every object of the language has",
    kind: podKind,
    value: { constructor: {} },
    want: [".constructor: field not declared in schema"],
  },
  {
    name: "two ports with the same keys, by a default",
    kind: serviceKind,
    value: { spec: { ports: [{ port: 80 }, { port: 80, protocol: "TCP" }] } },
    want: ['.spec.ports: duplicate entries for key [port=80,protocol="TCP"]'],
  },
  {
    name: "two environment variables of the same name",
    kind: podKind,
    value: container({ env: [{ name: "A" }, { name: "A" }] }),
    want: ['.spec.containers[name="c"].env: duplicate entries for key [name="A"]'],
  },
  {
    name: "a finalizer twice",
    kind: configMapKind,
    value: { metadata: { finalizers: ["a/b", "a/b"] } },
    want: ['.metadata.finalizers: duplicate entries for key [="a/b"]'],
  },
  {
    name: "an item without its key",
    kind: podKind,
    value: { spec: { containers: [{ image: "i" }] } },
    want: [
      '.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
  },
  {
    name: "an item that is null",
    kind: podKind,
    value: { spec: { containers: [null] } },
    want: [".spec.containers: element 0: associative list with keys may not have a null element"],
  },
  {
    name: "an item that is a text",
    kind: podKind,
    value: { spec: { containers: ["c"] } },
    want: [".spec.containers: element 0: associative list with keys may not have non-map elements"],
  },
  {
    name: "a number where a text belongs",
    kind: configMapKind,
    value: { data: { a: 1 } },
    want: [".data.a: expected string, got &value.valueUnstructured{Value:1}"],
  },
  {
    name: "a text where a number belongs",
    kind: deploymentKind,
    value: { spec: { replicas: "3" } },
    want: [".spec.replicas: expected numeric (int or float), got string"],
  },
  {
    name: "a text where true or false belongs",
    kind: podKind,
    value: { spec: { hostNetwork: "yes" } },
    want: [".spec.hostNetwork: expected boolean, got &{yes}"],
  },
  {
    name: "a map where a list belongs",
    kind: podKind,
    value: { spec: { containers: { b: 1, a: "x" } } },
    want: [".spec.containers: expected list, got &{map[a:x b:1]}"],
  },
  {
    name: "a list where a map belongs",
    kind: podKind,
    value: { spec: [1, "x"] },
    want: [".spec: expected map, got &{[1 x]}"],
  },
  {
    name: "a map where a quantity belongs",
    kind: podKind,
    value: container({ resources: { limits: { cpu: {} } } }),
    want: ['.spec.containers[name="c"].resources.limits.cpu: expected any scalar, got &{map[]}'],
  },
  {
    name: "a quantity that is a number",
    kind: podKind,
    value: container({ resources: { limits: { cpu: 1 } } }),
    want: [],
  },
  {
    name: "several problems",
    kind: deploymentKind,
    value: { spec: { replicas: "3", paused: 1, zz: 1 } },
    want: [
      ".spec.replicas: expected numeric (int or float), got string",
      ".spec.paused: expected boolean, got &{1}",
      ".spec.zz: field not declared in schema",
    ],
  },
];

for (const { name, kind, value, want } of rows) {
  test(`typedProblems: ${name}`, () => assert.deepEqual(typedProblems(kind.schema, value), want));
}
