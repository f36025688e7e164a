import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { upstreamData } from "@fairlead/lib/upstream-data.testing";
import { customResourceDefinitionSchema } from "./apiextensions/v1/customresourcedefinition/customresourcedefinition-schema.ts";
import { tokenRequestSchema } from "./authentication/v1/tokenrequest/tokenrequest-schema.ts";
import type { Kind } from "./kind.ts";
import { builtinKinds } from "./kinds.ts";
import { deleteOptionsSchema } from "./meta/v1/delete-options.ts";
import { listMetaSchema } from "./meta/v1/list-meta.ts";
import { evictionSchema } from "./policy/v1/eviction/eviction-schema.ts";
import type { Field, List, ListMerge, Scalar, ScalarType, Schema, Struct } from "./schema.ts";

const { folder: published, skip } = upstreamData("OPENAPI");

/** The part of an OpenAPI v3 schema that is compared. */
interface Published {
  readonly $ref?: string;
  readonly allOf?: readonly Published[];
  readonly oneOf?: readonly Published[];
  readonly type?: string;
  readonly format?: string;
  readonly items?: Published;
  readonly additionalProperties?: Published;
  readonly properties?: Readonly<Record<string, Published>>;
  readonly required?: readonly string[];
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
}

const roots: readonly Struct[] = [
  ...builtinKinds.map((kind) => kind.schema),
  evictionSchema,
  tokenRequestSchema,
  listMetaSchema,
  deleteOptionsSchema,
  customResourceDefinitionSchema,
];
const structs = allStructs(roots);

test("every struct is declared once, and no two of its fields share a protobuf number", () => {
  for (const struct of structs.values()) {
    const own = Object.values(struct.fields).filter((field) => field.via === undefined && field.number !== 0);
    const numbers = own.map((field) => field.number);
    assert.deepEqual(numbers, [...new Set(numbers)], `${struct.name} has a number twice`);
  }
});

test("what is inlined keeps its numbers apart from the rest, one message each", () => {
  for (const struct of structs.values()) {
    const byMessage = Map.groupBy(Object.values(struct.fields), (field) => field.via ?? 0);
    for (const [message, fields] of byMessage) {
      const numbers = fields.filter(({ number }) => number !== 0).map(({ number }) => number);
      assert.equal(new Set(numbers).size, numbers.length, `${struct.name}, message ${message}`);
    }
  }
});

test("every struct and every field says what it is", () => {
  const silent = [...structs.values()].flatMap((struct) => [
    ...(struct.description === "" ? [struct.name] : []),
    ...Object.entries(struct.fields).flatMap(([name, field]) =>
      field.description === "" ? [`${struct.name}.${name}`] : [],
    ),
  ]);
  assert.deepEqual(silent, []);
});

test("kinds have upstream's groups, versions and names", { skip }, () => {
  for (const kind of builtinKinds) {
    const gvk = schemasOf(kind)[kind.schema.name]?.["x-kubernetes-group-version-kind"] ?? [];
    const { group, version } = kind;
    assert(
      gvk.some((one) => one.group === group && one.version === version && one.kind === kind.kind),
      `${kind.kind} is not published as ${group}/${version}`,
    );
  }
});

test("fields are upstream's, with their types and merge rules", { skip }, () => {
  const all = allPublished();
  const differences = [...structs.values()].flatMap((struct) => compareStruct(struct, all));
  assert.deepEqual(differences, []);
});

function allStructs(from: readonly Struct[]): ReadonlyMap<string, Struct> {
  const found = new Map<string, Struct>();
  const visit = (schema: Schema): void => {
    if (schema.type === "list") visit(schema.items);
    if (schema.type === "map") visit(schema.values);
    if (schema.type === "json" && schema.either !== undefined) visit(schema.either.object.schema);
    if (schema.type !== "struct" || found.has(schema.name)) return;
    found.set(schema.name, schema);
    for (const field of Object.values(schema.fields)) visit(field.schema);
  };
  for (const struct of from) visit(struct);
  return found;
}

function schemasOf({ group, version }: Pick<Kind, "group" | "version">): Readonly<Record<string, Published>> {
  const file = group === "" ? `api/${version}.json` : `apis/${group}/${version}.json`;
  return JSON.parse(readFileSync(path.join(published, file), "utf8")).components.schemas;
}

/** The descriptions of all groups that our kinds are in. */
function allPublished(): Readonly<Record<string, Published>> {
  const policy = { group: "policy", version: "v1" };
  const extensions = { group: "apiextensions.k8s.io", version: "v1" };
  return Object.assign({}, ...[...builtinKinds, policy, extensions].map(schemasOf));
}

function compareStruct(struct: Struct, all: Readonly<Record<string, Published>>): string[] {
  const theirs = all[struct.name];
  if (theirs === undefined) return [`${struct.name} is not published`];
  const ours = Object.keys(struct.fields).sort();
  const properties = theirs.properties ?? {};
  const named = isRootOnly(struct)
    ? Object.keys(properties).filter((name) => ours.includes(name))
    : Object.keys(properties);
  if (ours.join() !== named.sort().join()) return [`${struct.name} has fields ${ours}, upstream ${named}`];

  const required = ours.filter((name) => struct.fields[name]?.options.required === true);
  const atomic = theirs["x-kubernetes-map-type"] === "atomic";
  return [
    ...differs(`${struct.name} required`, required, [...(theirs.required ?? [])].sort()),
    ...differs(`${struct.name} atomic`, struct.atomic ?? false, atomic),
    ...Object.entries(struct.fields).flatMap(([name, field]) =>
      compareField(`${struct.name}.${name}`, field, properties[name] ?? {}),
    ),
  ];
}

/** DeleteOptions is used inside an Eviction too, where it has no kind of its own here. */
function isRootOnly({ fields }: Struct): boolean {
  return !("kind" in fields) && "preconditions" in fields;
}

function compareField(where: string, field: Field, theirs: Published): string[] {
  const { schema, options } = field;
  const merge: Pick<ListMerge, "mergeKey" | "patchStrategy" | "mapKeys"> & { listType?: string | undefined } =
    schema.type === "list" ? schema : {};
  return [
    ...compareType(where, schema, theirs),
    ...differs(`${where} list type`, merge.listType, listTypeOf(theirs)),
    ...differs(`${where} map keys`, merge.mapKeys, theirs["x-kubernetes-list-map-keys"]),
    ...differs(`${where} merge key`, merge.mergeKey, theirs["x-kubernetes-patch-merge-key"]),
    ...differs(
      `${where} strategy`,
      merge.patchStrategy ?? options.patchStrategy,
      theirs["x-kubernetes-patch-strategy"],
    ),
    ...(schema.type === "map"
      ? differs(`${where} atomic`, schema.atomic ?? false, theirs["x-kubernetes-map-type"] === "atomic")
      : []),
  ];
}

/** `atomic` is what a list is that says nothing. */
function listTypeOf(theirs: Published): string | undefined {
  const listType = theirs["x-kubernetes-list-type"];
  return listType === "atomic" ? undefined : listType;
}

function compareType(where: string, schema: Schema, theirs: Published): string[] {
  const reference = theirs.$ref ?? theirs.allOf?.[0]?.$ref;
  switch (schema.type) {
    case "struct":
      return differs(`${where} type`, schema.name, nameOf(reference));
    case "list":
      return [
        ...differs(`${where} type`, "array", theirs.type),
        ...compareType(`${where}[]`, itemsOf(schema), theirs.items ?? {}),
      ];
    case "map":
      return compareType(`${where}{}`, schema.values, theirs.additionalProperties ?? {});
    default:
      return differs(
        `${where} type`,
        scalarOf(schema),
        reference === undefined ? plainType(theirs) : nameOf(reference),
      );
  }
}

function itemsOf({ items }: List): Schema {
  return items;
}

function nameOf(reference: string | undefined): string | undefined {
  return reference?.split("/").at(-1);
}

function plainType({ type, format }: Published): string {
  return format === undefined ? `${type}` : `${type}/${format}`;
}

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const SCALARS: Record<ScalarType, string> = {
  string: "string",
  bool: "boolean",
  int32: "integer/int32",
  int64: "integer/int64",
  double: "number/double",
  bytes: "string/byte",
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  intOrString: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  time: `${META}.Time`,
  microTime: `${META}.MicroTime`,
  json: `${META}.FieldsV1`,
};

function scalarOf({ type, named }: Scalar): string {
  return named?.name ?? SCALARS[type];
}

function differs(what: string, ours: unknown, theirs: unknown): string[] {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  return a === b ? [] : [`${what}: ${a}, upstream ${b}`];
}
