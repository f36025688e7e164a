import type { Kind } from "@fairlead/api/kind";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { JsonSchema } from "./json-schema.ts";
import type { ShapedBody } from "./operation-names.ts";
import type { Operation } from "./operations.ts";
import { operationsOf, resourceListOperation } from "./operations.ts";
import { parameters } from "./parameters.ts";
import { componentSchemas, ref } from "./schemas.ts";

/** The OpenAPI 3 description of one group and version. */
export function openApiV3(kinds: readonly Kind[], groupVersion: string, release: string) {
  const own = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  const lists = own.slice(0, 1).map(resourceListOperation);
  const byPath = Map.groupBy([...lists, ...own.flatMap(operationsOf)], ({ path }) => path);
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

function operationObject({ action, id, tag, description, gvk, query, body, answers }: Operation) {
  return {
    description,
    operationId: id,
    tags: [tag],
    ...(query.length > 0 && { parameters: query.map((name) => parameter(name, "query")) }),
    ...(body !== undefined && {
      requestBody: { content: content(body), ...(body.required && { required: true }) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([code, answer]) => [
          code,
          { description: DESCRIPTIONS[code] ?? "", content: content(answer) },
        ]),
      ),
      "401": { description: "Unauthorized" },
    },
    ...(action !== undefined && { "x-kubernetes-action": action }),
    ...(gvk !== undefined && { "x-kubernetes-group-version-kind": gvk }),
  };
}

/** What the codes of answers are called. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = { "200": "OK", "201": "Created", "202": "Accepted" };

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

function content({ schema, types }: ShapedBody) {
  const described: JsonSchema = schema === undefined ? { type: "string" } : ref(schema);
  return Object.fromEntries(types.map((type) => [type, { schema: described }]));
}
