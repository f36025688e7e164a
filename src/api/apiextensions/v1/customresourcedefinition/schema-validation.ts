import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid } from "../../../field-error.ts";
import { fitsFormat } from "../../../formats/formats.ts";
import type { JsonSchema } from "../../../structural/json-schema.ts";
import { createPatternMatcher, patternProblem } from "../../../structural/patterns.ts";
import { structuralProblems } from "../../../structural/structural-problems.ts";
import { type DeclaredJsonSchema, isStructurallyWritten, someSchema } from "./declared-json-schema.ts";
import { defaultProblems, hasUnprunedDefault } from "./default-problems.ts";
import { expressionProblems } from "./expression-problems.ts";
import { isJsonType, jsonSchemaProblems, type SchemaTolerance } from "./json-schema-problems.ts";
import { setItemProblems, weakKeyProblems } from "./list-type-problems.ts";

/** What is accepted of a definition's schemas because its stored form has it already. */
export interface ValidationTolerance extends SchemaTolerance {
  /** Defaults with fields that their schema does not know. */
  readonly unprunedDefaults?: boolean;
  /** Expressions that cost more than new ones may. */
  readonly costlyExpressions?: boolean;
}

/** What the root of a schema may have beside `properties`, where the status of objects has a path of its own. */
const ALLOWED_WITH_STATUS: readonly (readonly [go: string, json: string])[] = [
  ["Description", "description"],
  ["Type", "type"],
  ["Format", "format"],
  ["Title", "title"],
  ["Maximum", "maximum"],
  ["ExclusiveMaximum", "exclusiveMaximum"],
  ["Minimum", "minimum"],
  ["ExclusiveMinimum", "exclusiveMinimum"],
  ["MaxLength", "maxLength"],
  ["MinLength", "minLength"],
  ["Pattern", "pattern"],
  ["MaxItems", "maxItems"],
  ["MinItems", "minItems"],
  ["UniqueItems", "uniqueItems"],
  ["MultipleOf", "multipleOf"],
  ["Required", "required"],
  ["Items", "items"],
  ["Properties", "properties"],
  ["ExternalDocs", "externalDocs"],
  ["Example", "example"],
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields"],
  ["XValidations", "x-kubernetes-validations"],
];

/**
 * Returns what is wrong with a schema of objects.
 *
 * @param path - Of the schema: `spec.validation.openAPIV3Schema`.
 * @param hasStatus - Whether the status of objects has a path of its own.
 *
 * Source: `validateCustomResourceDefinitionValidation` of upstream's pkg/apis/apiextensions/validation.
 */
export function schemaProblems(
  schema: DeclaredJsonSchema,
  path: string,
  { hasStatus, tolerance }: { readonly hasStatus: boolean; readonly tolerance: ValidationTolerance },
): readonly FieldError[] {
  const shape = isStructurallyWritten(schema) ? shapeProblems(schema, path, tolerance) : [];
  const problems = jsonSchemaProblems(schema, path, tolerance);
  const allowsCostly = tolerance.costlyExpressions === true;
  return [
    ...(hasStatus ? rootProblems(schema, path) : []),
    ...(schema.nullable === true ? [forbidden(`${path}.nullable`, "nullable cannot be true at the root")] : []),
    ...shape,
    ...problems,
    ...(isStructurallyWritten(schema) && shape.length === 0
      ? expressionProblems(schema, path, { problems, allowsCostly })
      : []),
  ];
}

/** The first thing at the root that would be lost for the status. */
function rootProblems(schema: DeclaredJsonSchema, path: string): readonly FieldError[] {
  for (const [name, value] of Object.entries(schema)) {
    if (value === undefined || value === "" || value === false) continue;
    if (name === "type") {
      if (value === "object") continue;
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      return [invalid(`${path}.type`, value, detail)];
    }
    if (ALLOWED_WITH_STATUS.some(([, allowed]) => allowed === name)) continue;
    const names = ALLOWED_WITH_STATUS.map(([go]) => go).join(" ");
    const detail = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [invalid(path, schema, detail)];
  }
  return [];
}

function shapeProblems(schema: JsonSchema, path: string, tolerance: ValidationTolerance): readonly FieldError[] {
  const problems = structuralProblems(schema, path, patternProblem);
  if (problems.length > 0) return problems;
  const checks = { matches: createPatternMatcher(), fitsFormat };
  return defaultProblems(schema, path, { ...checks, allowsUnknownFields: tolerance.unprunedDefaults === true });
}

/** Returns what has to be accepted of new schemas because the stored ones have it. */
export function toleranceOf(schemas: readonly DeclaredJsonSchema[]): ValidationTolerance {
  const some = (is: (schema: DeclaredJsonSchema) => boolean) => schemas.some((schema) => someSchema(schema, is));
  return {
    anyType: some((schema) => !isJsonType(schema)),
    mergedSetItems: some((schema) => setItemProblems(schema, "").length > 0),
    weakKeys: some((schema) => weakKeyProblems(schema, "").length > 0),
    unprunedDefaults: schemas.some((schema) => isStructurallyWritten(schema) && hasUnprunedDefault(schema)),
  };
}
