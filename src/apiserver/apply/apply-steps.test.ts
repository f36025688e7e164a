import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { field, list, map, struct, t } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { applyConfiguration } from "./apply.ts";
import { inOneStep } from "./conversion-steps.ts";
import { decodeFieldSet, emptySet, pathsOf } from "./field-set.ts";
import { trackWrite } from "./track-write.ts";

type Json = Readonly<Record<string, unknown>>;

const itemSchema = struct("Item", "An item.", {
  name: field(1, t.string, "The key."),
  value: field(2, t.int32, "A value."),
  more: field(3, t.int32, "Another."),
  names: field(4, list(t.string, { listType: "set" }), "A set."),
});
const innerSchema = struct("Inner", "A struct in a struct.", {
  value: field(1, t.int32, "A value."),
  given: field(2, t.int32, "The server fills it in."),
});
const structSchema = struct("Struct", "A struct.", {
  name: field(1, t.string, "A name."),
  value: field(2, t.int32, "A value."),
  given: field(3, t.int32, "The server fills it in."),
  inner: field(4, innerSchema, "A struct."),
});
const kind = {
  ...configMapKind,
  schema: struct("Root", "An object.", {
    struct: field(1, structSchema, "A struct."),
    list: field(2, list(itemSchema, { listType: "map", mapKeys: ["name"] }), "A list."),
    set: field(3, list(t.int32, { listType: "set" }), "A set."),
    maps: field(4, map(map(t.string)), "A map."),
    unrelated: field(5, t.int32, "A number."),
  }),
};

/** One write of a manager; `NAME!` applies by force. */
type Step =
  | { readonly by: string; readonly applies: Json }
  | { readonly by: string; readonly updates: Json }
  /** The object with fields that the server has filled in: no manager owns them. */
  | { readonly filled: Json };

interface Row {
  readonly name: string;
  readonly steps: readonly Step[];
  /** The object after all steps, or the message of the last one's refusal. */
  readonly want: Json | string;
  /** Some managers with all fields that they own. */
  readonly owners?: Readonly<Record<string, readonly string[]>>;
}

const [a1, a2, a3, b3, b4] = [
  { name: "a", value: 1 },
  { name: "a", value: 2 },
  { name: "a", value: 3 },
  { name: "b", value: 3 },
  { name: "b", value: 4 },
];

/** Facts from the tables `merge/duplicates_test.go` and `merge/set_test.go` of structured-merge-diff. */
const lists: readonly Row[] = [
  {
    name: "items of another manager stay between the applied ones",
    steps: [
      { by: "a", applies: { set: [1, 3] } },
      { by: "u", updates: { set: [1, 2, 3, 4] } },
      { by: "a", applies: { set: [1, 10, 3, 30] } },
    ],
    want: { set: [1, 2, 10, 3, 4, 30] },
    owners: { a: [".set[=10]", ".set[=1]", ".set[=30]", ".set[=3]"], u: [".set[=2]", ".set[=4]"] },
  },
  {
    name: "an apply in another order reorders a set",
    steps: [
      { by: "a", applies: { set: [1, 2, 3, 4] } },
      { by: "a", applies: { set: [1, 4, 3, 2] } },
    ],
    want: { set: [1, 4, 3, 2] },
  },
  {
    name: "and puts it back into its order",
    steps: [
      { by: "a", applies: { set: [1, 2, 3, 4] } },
      { by: "u", updates: { set: [1, 4, 3, 2] } },
      { by: "a", applies: { set: [1, 2, 3, 4] } },
    ],
    want: { set: [1, 2, 3, 4] },
  },
  {
    name: "a duplicate in a set is another manager's",
    steps: [
      { by: "u", updates: { set: [1, 1, 3, 4] } },
      { by: "a", applies: { set: [1] } },
    ],
    want: 'Apply failed with 1 conflict: conflict with "u" using v1: .set[=1]',
  },
  {
    name: "by force only one of them is left",
    steps: [
      { by: "u", updates: { set: [1, 1, 3, 4] } },
      { by: "a!", applies: { set: [1] } },
    ],
    want: { set: [1, 3, 4] },
    owners: { a: [".set[=1]"], u: [".set", ".set[=3]", ".set[=4]"] },
  },
  {
    name: "a new item keeps the duplicates of a set",
    steps: [
      { by: "u", updates: { set: [1, 1, 3, 4] } },
      { by: "a", applies: { set: [5] } },
    ],
    want: { set: [1, 1, 3, 4, 5] },
  },
  {
    name: "duplicate items of a list are another manager's",
    steps: [
      { by: "u", updates: { list: [a1, a2, b3] } },
      { by: "a", applies: { list: [a2] } },
    ],
    want: 'Apply failed with 1 conflict: conflict with "u" using v1: .list[name="a"]',
  },
  {
    name: "by force one item replaces them",
    steps: [
      { by: "u", updates: { list: [a1, a2, b3] } },
      { by: "a!", applies: { list: [a3] } },
    ],
    want: { list: [a3, b3] },
    owners: {
      a: ['.list[name="a"]', '.list[name="a"].name', '.list[name="a"].value'],
      u: [".list", '.list[name="b"]', '.list[name="b"].name', '.list[name="b"].value'],
    },
  },
  {
    name: "an apply of another item keeps them",
    steps: [
      { by: "u", updates: { list: [a1, a2, b3] } },
      { by: "a!", applies: { list: [b4] } },
    ],
    want: { list: [a1, a2, b4] },
  },
  {
    name: "duplicates that another manager made of an item stay when its applier leaves it out",
    steps: [
      { by: "a", applies: { list: [a1, b3] } },
      { by: "u", updates: { list: [a1, a2, b3] } },
      { by: "a", applies: { list: [b3] } },
    ],
    want: { list: [a1, a2, b3] },
    owners: { a: ['.list[name="b"]', '.list[name="b"].name', '.list[name="b"].value'], u: ['.list[name="a"]'] },
  },
];

const c1 = { name: "c", value: 1 };
const named = (name: string, ...names: readonly string[]) => (names.length === 0 ? { name } : { name, names });

/** Facts from the tables `merge/nested_test.go`, `merge/multiple_appliers_test.go` and `merge/leaf_test.go`. */
const removals: readonly Row[] = [
  {
    name: "a struct goes with its last field",
    steps: [
      { by: "a", applies: { struct: { name: "a", value: 1 }, unrelated: 1 } },
      { by: "a", applies: { unrelated: 1 } },
    ],
    want: { unrelated: 1 },
  },
  {
    name: "what the server has filled in goes with it",
    steps: [
      { by: "a", applies: { struct: { name: "a" }, unrelated: 1 } },
      { filled: { struct: { name: "a", given: 7, inner: { given: 7 } }, unrelated: 1 } },
      { by: "a", applies: { unrelated: 1 } },
    ],
    want: { unrelated: 1 },
  },
  {
    name: "a struct in a struct goes, and what was filled in beside it stays",
    steps: [
      { by: "a", applies: { struct: { name: "a", inner: { value: 1 } } } },
      { filled: { struct: { name: "a", given: 7, inner: { value: 1, given: 7 } } } },
      { by: "a", applies: { struct: { name: "a" } } },
    ],
    want: { struct: { name: "a", given: 7 } },
  },
  {
    name: "a field of another manager stays in its struct",
    steps: [
      { by: "a", applies: { struct: { name: "a" } } },
      { by: "u", updates: { struct: { name: "a", value: 1 } } },
      { by: "a", applies: {} },
    ],
    want: { struct: { value: 1 } },
    owners: { u: [".struct.value"] },
  },
  {
    name: "with what was filled in, but for a struct that was only of the one who left it out",
    steps: [
      { by: "a", applies: { struct: { name: "a", inner: { value: 1 } } } },
      { by: "u", updates: { struct: { name: "a", value: 1, inner: { value: 1 } } } },
      { filled: { struct: { name: "a", value: 1, given: 7, inner: { value: 1, given: 7 } } } },
      { by: "a", applies: {} },
    ],
    want: { struct: { value: 1, given: 7 } },
  },
  {
    name: "a field that another manager took over stays",
    steps: [
      { by: "a", applies: { struct: { name: "a" } } },
      { by: "u", updates: { struct: { name: "b", value: 1 } } },
      { by: "a", applies: {} },
    ],
    want: { struct: { name: "b", value: 1 } },
  },
  {
    name: "a struct that two apply stays as one applies it",
    steps: [
      { by: "a", applies: { struct: { name: "a", inner: { value: 1 } } } },
      { by: "b", applies: { struct: { inner: { value: 1 } } } },
      { by: "a", applies: { struct: { name: "a" } } },
    ],
    want: { struct: { name: "a", inner: { value: 1 } } },
  },
  {
    name: "a struct that is applied empty has what others own",
    steps: [
      { by: "a", applies: { struct: { name: "a" } } },
      { by: "u", updates: { struct: { name: "a", value: 1 } } },
      { by: "a", applies: { struct: {} } },
    ],
    want: { struct: { value: 1 } },
  },
  {
    name: "a struct that is applied empty goes when that leaves nothing in it",
    steps: [
      { by: "a", applies: { struct: { name: "a" }, unrelated: 1 } },
      { by: "a", applies: { struct: {}, unrelated: 1 } },
    ],
    want: { unrelated: 1 },
    owners: { a: [".struct", ".unrelated"] },
  },
  {
    name: "a struct that has always been applied empty stays",
    steps: [
      { by: "a", applies: { struct: {} } },
      { by: "a", applies: { struct: {} } },
    ],
    want: { struct: {} },
  },
  {
    name: "items that another manager applies stay",
    steps: [
      { by: "a", applies: { list: [a1, b3, c1] } },
      { by: "b", applies: { list: [c1, { name: "d" }] } },
      { by: "a", applies: { list: [a1] } },
    ],
    want: { list: [a1, c1, { name: "d" }] },
  },
  {
    name: "of an item that another manager applies, what is its own and what an updater owns stay",
    steps: [
      { by: "a", applies: { list: [named("a"), named("b", "c")] } },
      { by: "b", applies: { list: [named("b", "d")] } },
      { by: "u", updates: { list: [named("a"), named("b", "c", "d", "e")] } },
      { by: "a", applies: { list: [named("a")] } },
    ],
    want: { list: [named("a"), named("b", "d", "e")] },
    owners: { u: ['.list[name="b"].names[="e"]'] },
  },
  {
    name: "an item goes although an updater owns something in it: the item is only its applier's",
    steps: [
      { by: "a", applies: { list: [named("a"), named("b", "c")] } },
      { by: "b", applies: { list: [named("a", "b")] } },
      { by: "u", updates: { list: [named("a", "b"), named("b", "c", "d")] } },
      { by: "a", applies: { list: [named("a")] } },
    ],
    want: { list: [named("a", "b")] },
    owners: { u: [] },
  },
  {
    name: "a key that another manager applies stays with its keys",
    steps: [
      { by: "a", applies: { maps: { a: { x: "1" }, b: { x: "1", y: "1" } } } },
      { by: "b", applies: { maps: { b: { x: "1" } } } },
      { by: "a", applies: {} },
    ],
    want: { maps: { b: { x: "1" } } },
  },
  {
    name: "the keys of an applied map are replaced",
    steps: [
      { by: "a", applies: { maps: { a: { b: "x", c: "y" } } } },
      { by: "a", applies: { maps: { a: { a: "x", c: "z" } } } },
    ],
    want: { maps: { a: { a: "x", c: "z" } } },
  },
];

for (const row of [...lists, ...removals]) {
  test(row.name, () => assertOutcome(row));
}

function assertOutcome({ steps, want, owners = {} }: Row): void {
  const { object, managedFields } = outcome(steps);
  assert.deepEqual(object, want);
  for (const [manager, paths] of Object.entries(owners)) {
    const entry = managedFields.find((candidate) => candidate.manager === manager);
    const fields = decodeFieldSet(entry?.fieldsV1 ?? {}) ?? emptySet;
    assert.deepEqual([...pathsOf(fields)].sort(), paths, manager);
  }
}

interface Outcome {
  /** Or the message of a refusal. */
  readonly object: Json | string | undefined;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

function outcome(steps: readonly Step[]): Outcome {
  let live: Json | undefined;
  let managedFields: readonly ManagedFieldsEntry[] = [];
  for (const step of steps) {
    if ("filled" in step) live = step.filled;
    else if ("updates" in step) {
      const manager = { name: step.by, operation: "Update", apiVersion: "v1", subresource: "" } as const;
      const [previous, wanted] = [live && tracked(live, managedFields), tracked(step.updates, managedFields)];
      managedFields = trackWrite({ forms: new Map([["v1", { kind, previous, wanted }]]), manager, time: "t" }) ?? [];
      live = step.updates;
    } else {
      const name = step.by.replace("!", "");
      const manager = { name, operation: "Apply", apiVersion: "v1", subresource: "" } as const;
      const force = step.by.endsWith("!");
      try {
        const steps = applyConfiguration({
          kind,
          live,
          managedFields,
          applied: step.applies,
          manager,
          force,
          time: "t",
          kinds: new Map([["v1", kind]]),
        });
        const result = inOneStep(steps);
        live = result.object;
        managedFields = result.managedFields;
      } catch (error) {
        if (error instanceof StatusError) return { object: error.message, managedFields };
        throw error;
      }
    }
  }
  return { object: live, managedFields };
}

function tracked(object: Json, managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  const metadata = { name: "x", uid: "", resourceVersion: "", creationTimestamp: "" };
  const owned = managedFields.length === 0 ? metadata : { ...metadata, managedFields };
  return { apiVersion: "v1", kind: "Test", ...object, metadata: owned };
}
