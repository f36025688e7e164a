import type { Kind } from "../../api/kind.ts";
import { deleteOptionsSchema } from "../../api/meta/v1/delete-options.ts";
import type { Struct } from "../../api/schema.ts";
import type { JsonSchema, JsonSchemas } from "./json-schema.ts";
import type { Operation } from "./operations.ts";
import { operationsOf } from "./operations.ts";
import { parameters } from "./parameters.ts";
import { componentSchemas, listName } from "./schemas.ts";

const PREFIX = "#/definitions/";

/** The OpenAPI 2 description of everything, for clients that do not know version 3. */
export interface OpenApiV2 {
  readonly swagger: "2.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, PathItemV2>>;
  readonly definitions: JsonSchemas;
}

export interface PathItemV2 {
  readonly parameters?: readonly ParameterV2[];
  readonly operations: Readonly<Record<string, OperationV2>>;
}

export interface OperationV2 {
  readonly description: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly parameters: readonly ParameterV2[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly schema?: JsonSchema }>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export type ParameterV2 =
  | { readonly in: "body"; readonly name: "body"; readonly required: boolean; readonly schema: JsonSchema }
  | {
      readonly in: "path" | "query";
      readonly name: string;
      readonly type: string;
      readonly description: string;
      readonly required: boolean;
    };

/** Describes all kinds in one document. */
export function openApiV2(kinds: readonly Kind[], release: string): OpenApiV2 {
  const byPath = Map.groupBy(kinds.flatMap(operationsOf), ({ path }) => path);
  const schemas = Object.entries(componentSchemas(kinds));
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: release },
    paths: Object.fromEntries([...byPath].map(([path, operations]) => [path, pathItem(path, operations)])),
    definitions: Object.fromEntries(schemas.map(([name, schema]) => [name, schemaV2(schema)])),
  };
}

/** The document as JSON has it: operations and extensions stand beside the other fields. */
export function openApiV2Json(document: OpenApiV2) {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const operations = Object.entries(item.operations).map(([method, { extensions, ...operation }]) => [
      method,
      { ...operation, ...extensions },
    ]);
    const shared = item.parameters === undefined ? {} : { parameters: item.parameters };
    return [path, { ...shared, ...Object.fromEntries(operations) }];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Version 2 has no oneOf, and takes what stands beside a reference. */
function schemaV2(schema: JsonSchema): JsonSchema {
  const { allOf, oneOf, properties, additionalProperties, items, $ref, ...rest } = schema;
  const target = $ref ?? allOf?.[0]?.$ref;
  return {
    ...rest,
    ...(oneOf !== undefined && { type: "string" }),
    ...(target !== undefined && { $ref: refV2(target) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, schemaV2(inner)])),
    }),
    ...(additionalProperties !== undefined && { additionalProperties: schemaV2(additionalProperties) }),
    ...(items !== undefined && { items: schemaV2(items) }),
  };
}

function refV2(target: string): string {
  return PREFIX + target.slice(target.lastIndexOf("/") + 1);
}

function pathItem(path: string, operations: readonly Operation[]): PathItemV2 {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => parameter(name, "path"));
  return {
    ...(inPath.length > 0 && { parameters: inPath }),
    operations: Object.fromEntries(operations.map((operation) => [operation.method, operationObject(operation)])),
  };
}

function operationObject({ action, id, description, gvk, query, body, answer, kind, ...rest }: Operation): OperationV2 {
  const schema = { $ref: `${PREFIX}${answer === "list" ? listName(kind) : rest.schema.name}` };
  return {
    description,
    operationId: id,
    tags: [`${kind.group === "" ? "core" : kind.group}_${kind.version}`],
    consumes: ["*/*"],
    produces: ["application/json"],
    parameters: [...query.map((name) => parameter(name, "query")), ...bodyParameter(body, rest.schema)],
    responses: { "200": { description: "OK", ...(answer !== "status" && { schema }) } },
    extensions: { "x-kubernetes-action": action, "x-kubernetes-group-version-kind": gvk },
  };
}

function bodyParameter(body: Operation["body"], object: Struct): readonly ParameterV2[] {
  if (body === undefined) return [];
  const name = {
    object: object.name,
    patch: "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
    deleteOptions: deleteOptionsSchema.name,
  };
  return [{ in: "body", name: "body", required: body !== "deleteOptions", schema: { $ref: `${PREFIX}${name[body]}` } }];
}

function parameter(name: string, where: "path" | "query"): ParameterV2 {
  const { type, description } = parameters[name] ?? { type: "string", description: "" };
  return { in: where, name, type, description, required: where === "path" };
}
