import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Kind } from "@fairlead/api/kind";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import { StatusError } from "@fairlead/api/status-error";
import { applyConfiguration } from "./apply.ts";
import { inOneStep } from "./conversion-steps.ts";

type Json = Readonly<Record<string, unknown>>;

interface Step {
  /** `NAME` applies, `NAME!` by force. */
  readonly by: string;
  readonly applies: Json;
}

interface Row {
  readonly name: string;
  readonly kind?: Kind;
  readonly live?: Json;
  readonly steps: readonly Step[];
  /** The object after all steps, or the message of the last one's refusal. */
  readonly want: Json | string;
}

const data = (pairs: Json) => ({ data: pairs });
const ports = (...list: readonly Json[]) => ({ spec: { ports: list } });

const annotated = (lastApplied: string) => ({
  metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": lastApplied } },
});

const rows: readonly Row[] = [
  {
    name: "the first to apply makes the object",
    steps: [{ by: "a", applies: data({ x: "1" }) }],
    want: data({ x: "1" }),
  },
  {
    name: "two managers share an object, each with its fields",
    steps: [
      { by: "a", applies: data({ x: "1" }) },
      { by: "b", applies: data({ y: "2" }) },
    ],
    want: data({ x: "1", y: "2" }),
  },
  {
    name: "a field that its manager leaves out is removed",
    steps: [
      { by: "a", applies: data({ x: "1", y: "1" }) },
      { by: "a", applies: data({ x: "1" }) },
    ],
    want: data({ x: "1" }),
  },
  {
    name: "metadata stays without the last field that its manager applied",
    live: { metadata: { name: "x", uid: "u" } },
    steps: [
      { by: "a", applies: { metadata: { labels: { x: "1" } } } },
      { by: "a", applies: {} },
    ],
    want: { metadata: { name: "x", uid: "u" } },
  },
  {
    name: "a field that another manager applied as well stays",
    steps: [
      { by: "a", applies: data({ x: "1" }) },
      { by: "b", applies: data({ x: "1" }) },
      { by: "a", applies: data({}) },
    ],
    want: data({ x: "1" }),
  },
  {
    name: "another's field cannot be changed",
    steps: [
      { by: "a", applies: data({ x: "1" }) },
      { by: "b", applies: data({ x: "2" }) },
    ],
    want: 'Apply failed with 1 conflict: conflict with "a": .data.x',
  },
  {
    name: "several conflicts are listed by manager",
    steps: [
      { by: "a", applies: data({ x: "1", y: "1" }) },
      { by: "b", applies: data({ x: "2", y: "2" }) },
    ],
    want: 'Apply failed with 2 conflicts: conflicts with "a":\n- .data.x\n- .data.y',
  },
  {
    name: "by force it can, and is then the other's no more",
    steps: [
      { by: "a", applies: data({ x: "1" }) },
      { by: "b!", applies: data({ x: "2" }) },
      { by: "a", applies: data({}) },
    ],
    want: data({ x: "2" }),
  },
  {
    name: "a field from before the first apply has a manager, too",
    live: data({ x: "1" }),
    steps: [{ by: "a", applies: data({ x: "2" }) }],
    want: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  },
  {
    name: "kubectl takes over the fields of its own annotation",
    live: { ...annotated('{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"1"}}'), ...data({ x: "1", y: "1" }) },
    steps: [{ by: "kubectl", applies: data({ x: "2" }) }],
    want: { ...annotated('{"data":{"x":"2"}}\n'), ...data({ x: "2", y: "1" }) },
  },
  {
    name: "but no field beside it",
    live: { ...annotated('{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"1"}}'), ...data({ x: "1", y: "1" }) },
    steps: [{ by: "kubectl", applies: data({ x: "2", y: "2" }) }],
    want: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.y',
  },
  {
    name: "no field that has changed since",
    live: { ...annotated('{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"0"}}'), ...data({ x: "1" }) },
    steps: [{ by: "kubectl", applies: data({ x: "2" }) }],
    want: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  },
  {
    name: "and no other manager does",
    live: { ...annotated('{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"1"}}'), ...data({ x: "1" }) },
    steps: [{ by: "a", applies: data({ x: "2" }) }],
    want: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  },
  {
    name: "an annotation that is no JSON gives kubectl nothing",
    live: { ...annotated("?"), ...data({ x: "1" }) },
    steps: [{ by: "kubectl", applies: data({ x: "2" }) }],
    want: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  },
  {
    name: "items of a list are owned by their keys, defaults included",
    kind: serviceKind,
    steps: [
      { by: "a", applies: ports({ port: 80, name: "web" }) },
      { by: "b", applies: ports({ port: 81, protocol: "TCP", name: "more" }) },
      { by: "a", applies: ports({ port: 80, protocol: "TCP", name: "http" }) },
    ],
    want: ports({ port: 80, protocol: "TCP", name: "http" }, { port: 81, protocol: "TCP", name: "more" }),
  },
  {
    name: "an item that its manager leaves out goes",
    kind: serviceKind,
    steps: [
      { by: "a", applies: ports({ port: 80, name: "web" }, { port: 81, name: "more" }) },
      { by: "a", applies: ports({ port: 81, name: "more" }) },
    ],
    want: ports({ port: 81, name: "more" }),
  },
  {
    name: "an item that another has put something in stays, without what is gone",
    kind: serviceKind,
    steps: [
      { by: "a", applies: ports({ port: 80, name: "web" }) },
      { by: "b", applies: ports({ port: 80, targetPort: 8080 }) },
      { by: "a", applies: { spec: {} } },
    ],
    want: ports({ port: 80, targetPort: 8080 }),
  },
  {
    name: "what is atomic is owned as a whole",
    kind: serviceKind,
    steps: [
      { by: "a", applies: { spec: { selector: { app: "x" } } } },
      { by: "b", applies: { spec: { selector: { tier: "y" } } } },
    ],
    want: 'Apply failed with 1 conflict: conflict with "a": .spec.selector',
  },
];

for (const row of rows) {
  test(row.name, () => {
    assert.deepEqual(outcome(row), row.want);
  });
}

function outcome({ kind = configMapKind, live: first, steps }: Row): unknown {
  let live = first;
  let managedFields: readonly ManagedFieldsEntry[] | undefined;
  for (const { by, applies } of steps) {
    const name = by.replace("!", "");
    const manager = { name, operation: "Apply" as const, apiVersion: "v1", subresource: "" };
    try {
      const steps = applyConfiguration({
        kind,
        live,
        managedFields,
        applied: applies,
        manager,
        force: by.endsWith("!"),
        time: "t",
        kinds: new Map([["v1", kind]]),
      });
      const result = inOneStep(steps);
      live = result.object;
      managedFields = result.managedFields;
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  }
  return live;
}
