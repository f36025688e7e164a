import { declaredSchema, type Kind, type Subresource, type Verb } from "@fairlead/api/kind";
import { deleteOptionsSchema } from "@fairlead/api/meta/v1/delete-options";
import { apiResourceListSchema } from "@fairlead/api/meta/v1/discovery";
import { statusSchema } from "@fairlead/api/meta/v1/status";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import { MEDIA_TYPES } from "../answers/document.ts";
import { servesStatus } from "../discovery/resource-lists.ts";
import { builtinStrategies } from "../registry/strategies/builtin-strategies.ts";
import { connectOperations } from "./connect-operations.ts";
import { PATCH, WATCH_EVENT } from "./meta-schemas.ts";
import { operationId, type ShapedBody, tagOf } from "./operation-names.ts";
import { gvk, listName } from "./schemas.ts";

/** One method of one path, before it is written in either version of OpenAPI. */
export interface Operation {
  readonly path: string;
  readonly method: "get" | "put" | "post" | "delete" | "patch" | "head" | "options";
  /** `x-kubernetes-action`; absent for what is not about a kind. */
  readonly action?: string;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
  /** Names of query parameters. */
  readonly query: readonly string[];
  readonly body?: ShapedBody & { readonly required: boolean };
  /** By status code. A 401 is always there. */
  readonly answers: Readonly<Record<string, ShapedBody>>;
}

const { json: JSON_TYPE, yaml: YAML_TYPE, protobuf: PROTOBUF_TYPE } = MEDIA_TYPES;
const TEXT_TYPES = [JSON_TYPE, YAML_TYPE];
const ALL_TYPES = [...TEXT_TYPES, PROTOBUF_TYPE];
const ANY = ["*/*"];
const PATCH_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

const PRETTY = ["pretty"];
const WRITE = ["dryRun", "fieldManager", "fieldValidation", ...PRETTY];
const SELECT = [
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
];
const LIST = ["allowWatchBookmarks", ...SELECT, "watch", ...PRETTY];
const DELETE = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

/** Target of an operation: a kind, or a part of its objects with a schema of its own. */
interface Target {
  readonly kind: Kind;
  readonly path: string;
  /** Of the kind that requests and answers carry. */
  readonly gvk: NonNullable<Operation["gvk"]>;
  readonly schema: string;
  /** Of the operation's name: `Status`. */
  readonly suffix: string;
}

type Write = "create" | "update" | "patch" | "delete";

/** Every operation of a kind, the collection's first. */
export function operationsOf(kind: Kind): readonly Operation[] {
  const root = rootOf(kind);
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.plural}`;
  const target = { kind, gvk: gvk(kind), schema: kind.schema.name, suffix: "" };
  const object = { ...target, path: `${collection}/{name}` };
  const has = (verb: Verb) => kind.verbs.includes(verb);
  const status = { ...object, path: `${object.path}/status`, suffix: "Status" };
  return [
    ...(kind.namespaced && has("list") ? [list(kind, `${root}/${kind.plural}`, "ForAllNamespaces")] : []),
    ...(has("list") ? [list(kind, collection, "")] : []),
    ...(has("create") ? [write({ ...target, path: collection }, "create")] : []),
    ...(has("deletecollection") ? [deleteCollection(kind, collection)] : []),
    ...(has("get") ? [read(object)] : []),
    ...(["update", "patch", "delete"] as const).filter(has).map((verb) => write(object, verb)),
    ...(servesStatus(kind) ? [read(status), write(status, "update"), write(status, "patch")] : []),
    ...kind.subresources.flatMap((sub) => subresourceOperations(object, sub)),
    ...(has("watch") ? watches(kind) : []),
  ];
}

/** Custom resources have no protobuf form. */
function answerTypes(kind: Kind): readonly string[] {
  return declaredSchema(kind) === undefined ? TEXT_TYPES : ALL_TYPES;
}

function watchTypes(kind: Kind): readonly string[] {
  const types = answerTypes(kind);
  return [...types, ...types.filter((type) => type !== YAML_TYPE).map((type) => `${type};stream=watch`)];
}

/** Returns the operation that lists the resources of a group and version. */
export function resourceListOperation(of: Pick<Kind, "group" | "version">): Operation {
  return {
    path: `${rootOf(of)}/`,
    method: "get",
    id: operationId("get", of, { scope: "", kind: "APIResources", suffix: "" }),
    tag: tagOf(of),
    description: "get available resources",
    query: [],
    answers: { "200": { schema: apiResourceListSchema.name, types: ALL_TYPES } },
  };
}

function rootOf({ group, version }: Pick<Kind, "group" | "version">): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

function list(kind: Kind, path: string, suffix: string): Operation {
  return {
    ...named(kind, path, { verb: "list", suffix }),
    method: "get",
    action: "list",
    description: `list or watch objects of kind ${kind.kind}`,
    query: LIST,
    answers: { "200": { schema: listName(kind), types: watchTypes(kind) } },
  };
}

function deleteCollection(kind: Kind, path: string): Operation {
  return {
    ...named(kind, path, { verb: "deleteCollection", suffix: "" }),
    method: "delete",
    action: "deletecollection",
    description: `delete collection of ${kind.kind}`,
    query: [...SELECT, ...DELETE, ...PRETTY],
    body: { schema: deleteOptionsSchema.name, types: ANY, required: false },
    answers: { "200": { schema: statusSchema.name, types: answerTypes(kind) } },
  };
}

/** Returns the deprecated watch operations, which the parameter `watch` replaced. */
function watches(kind: Kind): readonly Operation[] {
  const root = `${rootOf(kind)}/watch`;
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.plural}`;
  const watch = (path: string, action: "watch" | "watchlist", suffix: string): Operation => ({
    ...named(kind, path, { verb: "watch", suffix }),
    method: "get",
    action,
    description: `watch changes to objects of kind ${kind.kind}, deprecated: list with the parameter watch instead`,
    query: LIST,
    answers: { "200": { schema: WATCH_EVENT, types: watchTypes(kind) } },
  });
  return [
    ...(kind.namespaced ? [watch(`${root}/${kind.plural}`, "watchlist", "ListForAllNamespaces")] : []),
    watch(collection, "watchlist", "List"),
    watch(`${collection}/{name}`, "watch", ""),
  ];
}

function named(kind: Kind, path: string, { verb, suffix }: { readonly verb: string; readonly suffix: string }) {
  const scope = kind.namespaced && !suffix.endsWith("ForAllNamespaces") ? "Namespaced" : "";
  const id = operationId(verb, kind, { scope, kind: kind.kind, suffix });
  return { path, id, tag: tagOf(kind), gvk: gvk(kind) };
}

function read({ kind, path, suffix, ...target }: Target): Operation {
  return {
    ...named(kind, path, { verb: "read", suffix }),
    gvk: target.gvk,
    method: "get",
    action: "get",
    description: `read ${described(kind, suffix)}`,
    query: PRETTY,
    answers: { "200": { schema: target.schema, types: answerTypes(kind) } },
  };
}

const WRITES = {
  create: { method: "post", id: "create", text: "create", codes: ["200", "201", "202"] },
  update: { method: "put", id: "replace", text: "replace", codes: ["200", "201"] },
  patch: { method: "patch", id: "patch", text: "partially update", codes: ["200", "201"] },
  delete: { method: "delete", id: "delete", text: "delete", codes: ["200", "202"] },
} as const;

function write({ kind, path, suffix, schema, ...target }: Target, verb: Write): Operation {
  const { method, id, text, codes } = WRITES[verb];
  const answer = { schema: verb === "delete" ? deletedSchema(kind) : schema, types: answerTypes(kind) };
  return {
    ...named(kind, path, { verb: id, suffix }),
    gvk: target.gvk,
    method,
    action: method,
    description: `${text} ${described(kind, suffix)}`,
    query: verb === "delete" ? [...DELETE, ...PRETTY] : verb === "patch" ? [...WRITE, "force"] : WRITE,
    body: bodyOf(verb, schema),
    answers: Object.fromEntries(codes.map((code) => [code, answer])),
  };
}

function bodyOf(verb: Write, schema: string): NonNullable<Operation["body"]> {
  if (verb === "patch") return { schema: PATCH, types: PATCH_TYPES, required: true };
  if (verb === "delete") return { schema: deleteOptionsSchema.name, types: ANY, required: false };
  return { schema, types: ANY, required: true };
}

/** As upstream, a Namespace is published with a Status, although one that terminates is answered itself. */
function deletedSchema(kind: Kind): string {
  const strategy = builtinStrategies.get(groupResourceOf(kind));
  return strategy?.answersDeletedObject === true && kind.plural !== "namespaces" ? kind.schema.name : statusSchema.name;
}

function described(kind: Kind, suffix: string): string {
  return suffix === "" ? `a ${kind.kind}` : `${suffix.toLowerCase()} of a ${kind.kind}`;
}

/** A subresource without a schema of its own is a view of the object, a log, or a connection. */
function subresourceOperations(object: Target, sub: Subresource): readonly Operation[] {
  const { kind } = object;
  const { group = kind.group, version = kind.version } = sub;
  const suffix = sub.name.charAt(0).toUpperCase() + sub.name.slice(1);
  const path = `${object.path}/${sub.name}`;
  const own = { group, version, kind: sub.kind };
  if (sub.kind.endsWith("Options")) return connectOperations({ kind, sub, suffix, path });
  if (sub.name === "log") return [log({ ...object, path, suffix })];
  const target = { ...object, path, suffix, gvk: own, schema: sub.schema?.name ?? object.schema };
  return sub.verbs.map((verb) => (verb === "get" ? read(target) : write(target, verb)));
}

const LOG = ["container", "follow", "limitBytes", "previous", "sinceSeconds", "stream", "tailLines", "timestamps"];

function log(target: Target): Operation {
  const types = [...answerTypes(target.kind), "text/plain"];
  return { ...read(target), query: [...LOG, ...PRETTY], answers: { "200": { schema: undefined, types } } };
}
