import type { FieldError } from "@fairlead/api/field-error";
import { fitsFormat } from "@fairlead/api/formats/formats";
import type { Kind } from "@fairlead/api/kind";
import { ownValue } from "@fairlead/api/own-property";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { embeddedProblems } from "@fairlead/api/structural/embedded-problems";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { repeatedItems } from "@fairlead/api/structural/list-types";
import { createPatternMatcher } from "@fairlead/api/structural/patterns";
import { changedValueProblems, type ValueChecks, valueProblems } from "@fairlead/api/structural/validate-value";
import type { ObjectRules } from "./rules.ts";
import { type ScalePaths, scaleProblems } from "./scaling.ts";

/** What a version has besides its schema that objects are checked by. */
export interface ValidatedParts {
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  readonly rules: ObjectRules;
}

/**
 * Returns the validation of the objects of one version. On an update, what was wrong before is accepted where it did not change.
 *
 * Source: upstream's pkg/registry/customresource/strategy.go and status_strategy.go.
 */
export function customValidation(schema: JsonSchema, { hasStatus, scale, rules }: ValidatedParts): Kind["validate"] {
  const checks: ValueChecks = { matches: createPatternMatcher(), fitsFormat };
  const statusSchema = ownValue(schema.properties, "status");
  return (object, previous, subresource = "") => {
    const isStatus = subresource === "status" && hasStatus;
    const problems = [
      ...(isStatus
        ? statusProblems(statusSchema, { object, previous }, checks)
        : wholeProblems(schema, { object, previous }, checks)),
      ...(scale === undefined ? [] : scaleProblems(object, scale, subresource)),
      ...(isStatus ? [] : embeddedProblems(schema, object)),
      ...newlyRepeated(schema, object, previous),
    ];
    return [...problems, ...rules.problems(object, previous, problems)];
  };
}

interface Change {
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

function wholeProblems(schema: JsonSchema, { object, previous }: Change, checks: ValueChecks): readonly FieldError[] {
  return previous === undefined
    ? valueProblems(schema, object, checks)
    : changedValueProblems(schema, { value: object, previous }, checks);
}

function statusProblems(
  schema: JsonSchema | undefined,
  { object, previous }: Change,
  checks: ValueChecks,
): readonly FieldError[] {
  const value = statusOf(object);
  if (schema === undefined || value === undefined) return [];
  return changedValueProblems(schema, { value, previous: statusOf(previous) }, checks, "status");
}

function statusOf(object: KubeObject | undefined): unknown {
  return object !== undefined && "status" in object ? object.status : undefined;
}

/** Items that stand twice are accepted in an object that had some before. */
function newlyRepeated(
  schema: JsonSchema,
  object: KubeObject,
  previous: KubeObject | undefined,
): readonly FieldError[] {
  const problems = repeatedItems(schema, object);
  const isOld = problems.length > 0 && previous !== undefined && repeatedItems(schema, previous).length > 0;
  return isOld ? [] : problems;
}
