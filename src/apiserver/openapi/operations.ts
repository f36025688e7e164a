import type { Kind, Subresource, Verb } from "../../api/kind.ts";
import type { Struct } from "../../api/schema.ts";
import { servesStatus } from "../discovery/resource-lists.ts";
import { gvk } from "./schemas.ts";

/** One method of one path, before it is written in either version of OpenAPI. */
export interface Operation {
  readonly path: string;
  readonly method: "get" | "put" | "post" | "delete" | "patch";
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly description: string;
  readonly gvk: { readonly group: string; readonly version: string; readonly kind: string };
  /** Names of query parameters. */
  readonly query: readonly string[];
  /** The schema of the body, where one is sent. */
  readonly body: "object" | "patch" | "deleteOptions" | undefined;
  /** The schema of the answer. */
  readonly answer: "object" | "list" | "status";
  /** Whose path it is, or above it. */
  readonly kind: Kind;
  /** What "object" is. */
  readonly schema: Struct;
}

type Template = Pick<Operation, "method" | "action" | "description" | "query" | "body" | "answer"> & {
  readonly id: string;
};

const WRITE = ["dryRun", "fieldManager", "fieldValidation"];
const SELECT = [
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "timeoutSeconds",
];
const LIST = ["allowWatchBookmarks", ...SELECT, "sendInitialEvents", "watch"];
const DELETE = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

const onCollection: Readonly<Partial<Record<Verb, Template>>> = {
  list: {
    method: "get",
    action: "list",
    id: "list",
    description: "list or watch objects of kind",
    query: LIST,
    body: undefined,
    answer: "list",
  },
  create: {
    method: "post",
    action: "post",
    id: "create",
    description: "create a",
    query: WRITE,
    body: "object",
    answer: "object",
  },
  deletecollection: {
    method: "delete",
    action: "deletecollection",
    id: "deleteCollection",
    description: "delete collection of",
    query: [...SELECT, ...DELETE],
    body: "deleteOptions",
    answer: "status",
  },
};

const onObject: Readonly<Partial<Record<Verb, Template>>> = {
  get: {
    method: "get",
    action: "get",
    id: "read",
    description: "read the specified",
    query: [],
    body: undefined,
    answer: "object",
  },
  update: {
    method: "put",
    action: "put",
    id: "replace",
    description: "replace the specified",
    query: WRITE,
    body: "object",
    answer: "object",
  },
  patch: {
    method: "patch",
    action: "patch",
    id: "patch",
    description: "partially update the specified",
    query: [...WRITE, "force"],
    body: "patch",
    answer: "object",
  },
  delete: {
    method: "delete",
    action: "delete",
    id: "delete",
    description: "delete a",
    query: DELETE,
    body: "deleteOptions",
    answer: "status",
  },
};

/** Every operation of a kind, the collection's first. */
export function operationsOf(kind: Kind): readonly Operation[] {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.plural}`;
  const object = `${collection}/{name}`;
  const make = (path: string, template: Template, suffix = ""): Operation => ({
    ...template,
    path,
    id: operationId(kind, template.id, suffix),
    description: `${template.description} ${kind.kind}`,
    gvk: gvk(kind),
    kind,
    schema: kind.schema,
  });
  const pick = (path: string, templates: Readonly<Partial<Record<Verb, Template>>>, verbs: readonly Verb[]) =>
    verbs.flatMap((verb) => (templates[verb] === undefined ? [] : [make(path, templates[verb])]));
  const everywhere =
    kind.namespaced && onCollection.list !== undefined && kind.verbs.includes("list")
      ? [make(`${root}/${kind.plural}`, onCollection.list, "ForAllNamespaces")]
      : [];
  const status = servesStatus(kind)
    ? (["get", "update", "patch"] as const).flatMap((verb) => {
        const template = onObject[verb];
        return template === undefined ? [] : [make(`${object}/status`, template, "Status")];
      })
    : [];
  return [
    ...everywhere,
    ...pick(collection, onCollection, kind.verbs),
    ...pick(object, onObject, kind.verbs),
    ...status,
    ...kind.subresources.flatMap((sub) => subresourceOperations(object, kind, sub)),
  ];
}

const SUBRESOURCE_VERBS = { get: "get", create: "post", update: "put", patch: "patch", delete: "delete" } as const;

/**
 * A subresource that is a view of the object is described like it: clients look for a kind's patches in any of its paths.
 * One with a schema of its own is described by that.
 * What is behind another differs too much to be described by more than its verbs.
 */
function subresourceOperations(object: string, kind: Kind, sub: Subresource): readonly Operation[] {
  const { group = kind.group, version = kind.version } = sub;
  const isView = sub.kind === kind.kind && group === kind.group && version === kind.version;
  const schema = sub.schema ?? (isView ? kind.schema : undefined);
  return sub.verbs.map((verb) => {
    const template = schema === undefined ? undefined : onObject[verb];
    return {
      path: `${object}/${sub.name}`,
      method: SUBRESOURCE_VERBS[verb],
      action: verb === "create" ? "post" : verb,
      id: operationId(kind, verb, sub.name.charAt(0).toUpperCase() + sub.name.slice(1)),
      description: `${verb} ${sub.name} of the specified ${kind.kind}`,
      gvk: { group, version, kind: sub.kind },
      query: template?.query ?? (verb === "get" ? [] : WRITE),
      body: template?.body,
      answer: template?.answer ?? "status",
      kind,
      schema: schema ?? kind.schema,
    };
  });
}

function operationId(kind: Kind, verb: string, suffix: string): string {
  const group = kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "");
  const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const scope = kind.namespaced && suffix !== "ForAllNamespaces" ? "Namespaced" : "";
  return `${verb}${title(group)}${title(kind.version)}${scope}${kind.kind}${suffix}`;
}
