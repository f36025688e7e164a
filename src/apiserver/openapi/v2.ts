import type { Kind } from "@fairlead/api/kind";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { JsonSchema, JsonSchemas } from "./json-schema.ts";
import type { Operation } from "./operations.ts";
import { operationsOf, resourceListOperation } from "./operations.ts";
import { parameters } from "./parameters.ts";
import { componentSchemas } from "./schemas.ts";
import { DESCRIPTIONS } from "./v3.ts";

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
  const versions = new Map(kinds.map((kind) => [apiVersionOf(kind), kind]));
  const lists = [...versions.values()].map(resourceListOperation);
  const byPath = Map.groupBy([...lists, ...kinds.flatMap(operationsOf)], ({ path }) => path);
  const schemas = Object.entries(componentSchemas(kinds, "v2"));
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
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "object" ? schemaV2(additionalProperties) : additionalProperties,
    }),
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

function operationObject({ action, id, tag, description, gvk, query, body, answers }: Operation): OperationV2 {
  const types = Object.values(answers).flatMap((answer) => answer.types);
  return {
    description,
    operationId: id,
    tags: [tag],
    consumes: [...(body?.types ?? ["*/*"])],
    produces: [...new Set(types)],
    parameters: [...query.map((name) => parameter(name, "query")), ...bodyParameter(body)],
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([code, { schema }]) => [
          code,
          { description: DESCRIPTIONS[code] ?? "", schema: schemaOf(schema) },
        ]),
      ),
      "401": { description: "Unauthorized" },
    },
    extensions: {
      ...(action !== undefined && { "x-kubernetes-action": action }),
      ...(gvk !== undefined && { "x-kubernetes-group-version-kind": gvk }),
    },
  };
}

function bodyParameter(body: Operation["body"]): readonly ParameterV2[] {
  if (body === undefined) return [];
  return [{ in: "body", name: "body", required: body.required, schema: schemaOf(body.schema) }];
}

function schemaOf(name: string | undefined): JsonSchema {
  return name === undefined ? { type: "string" } : { $ref: `${PREFIX}${name}` };
}

function parameter(name: string, where: "path" | "query"): ParameterV2 {
  const { type, description } = parameters[name] ?? { type: "string", description: "" };
  return { in: where, name, type, description, required: where === "path" };
}
