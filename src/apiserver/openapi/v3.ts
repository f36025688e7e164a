import type { Kind } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/kind.ts";
import { deleteOptionsSchema } from "../../api/meta/v1/delete-options.ts";
import type { Struct } from "../../api/schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Operation } from "./operations.ts";
import { operationsOf } from "./operations.ts";
import { parameters } from "./parameters.ts";
import { componentSchemas, listName, ref } from "./schemas.ts";

const PATCH = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";
const PATCH_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];
const BODY_TYPES = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** The OpenAPI 3 description of one group and version. */
export function openApiV3(kinds: readonly Kind[], groupVersion: string, release: string) {
  const own = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  const byPath = Map.groupBy(own.flatMap(operationsOf), ({ path }) => path);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: release },
    paths: Object.fromEntries([...byPath].map(([path, operations]) => [path, pathItem(path, operations)])),
    components: { schemas: componentSchemas(own) },
  };
}

function pathItem(path: string, operations: readonly Operation[]) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => parameter(name, "path"));
  return {
    ...(inPath.length > 0 && { parameters: inPath }),
    ...Object.fromEntries(operations.map((operation) => [operation.method, operationObject(operation)])),
  };
}

function operationObject(operation: Operation) {
  const { action, id, description, gvk, query, body, kind } = operation;
  return {
    description,
    operationId: id,
    tags: [`${kind.group === "" ? "core" : kind.group}_${kind.version}`],
    ...(query.length > 0 && { parameters: query.map((name) => parameter(name, "query")) }),
    ...(body !== undefined && { requestBody: requestBody(body, operation.schema) }),
    responses: responses(operation),
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvk,
  };
}

function parameter(name: string, where: "path" | "query") {
  const { type, description } = parameters[name] ?? { type: "string", description: "" };
  return {
    name,
    in: where,
    description,
    ...(where === "path" && { required: true }),
    schema: { type, uniqueItems: true },
  };
}

function requestBody(body: NonNullable<Operation["body"]>, object: Struct) {
  switch (body) {
    case "patch":
      return { content: content(PATCH_TYPES, ref(PATCH)), required: true };
    case "deleteOptions":
      return { content: content(BODY_TYPES, ref(deleteOptionsSchema.name)) };
    case "object":
      return { content: content(BODY_TYPES, ref(object.name)), required: true };
  }
}

function responses({ answer, kind, schema: object }: Operation) {
  const unauthorized = { description: "Unauthorized" };
  if (answer === "status") return { "200": { description: "OK" }, "401": unauthorized };
  const schema = ref(answer === "list" ? listName(kind) : object.name);
  return { "200": { description: "OK", content: content(["application/json"], schema) }, "401": unauthorized };
}

function content(mediaTypes: readonly string[], schema: JsonSchema) {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema }]));
}
