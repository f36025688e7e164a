import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { invalid } from "../../../field-error.ts";
import { coercionProblem } from "../../../structural/decode-custom.ts";
import { type JsonSchema, OBJECT_FIELDS } from "../../../structural/json-schema.ts";
import { pruned } from "../../../structural/prune.ts";
import { checkRules } from "../../../structural/rules/check-rules.ts";
import { compileRules } from "../../../structural/rules/compile-rules.ts";
import { type ValueChecks, valueProblems } from "../../../structural/validate-value.ts";

/** How defaults are checked. */
export interface DefaultChecks extends ValueChecks {
  /** Whether a default may have fields that its schema does not know, because one had before. */
  readonly allowsUnknownFields: boolean;
}

/**
 * Returns the defaults that are no valid values, or have unknown fields.
 *
 * Source: `ValidateDefaults` of upstream's pkg/apiserver/schema/defaulting/validation.go.
 */
export function defaultProblems(schema: JsonSchema, path: string, checks: DefaultChecks): readonly FieldError[] {
  return problemsAt({ ...schema, "x-kubernetes-embedded-resource": true }, { path, isInMeta: false, checks });
}

interface Place {
  readonly path: string;
  /** Whether the value is part of the metadata or the type of an object. */
  readonly isInMeta: boolean;
  readonly checks: DefaultChecks;
}

function problemsAt(schema: JsonSchema, place: Place): readonly FieldError[] {
  const isObject = schema["x-kubernetes-embedded-resource"] === true;
  const isInMeta = place.isInMeta && !isObject;
  const { items, properties = {} } = schema;
  return [
    ...ownProblems(schema, { ...place, isInMeta }),
    ...(items === undefined ? [] : problemsAt(items, { ...place, isInMeta, path: `${place.path}.items` })),
    ...Object.entries(properties).flatMap(([name, property]) => {
      const path = `${place.path}.properties[${name}]`;
      return problemsAt(property, { ...place, path, isInMeta: isInMeta || (isObject && OBJECT_FIELDS.has(name)) });
    }),
  ];
}

function ownProblems(schema: JsonSchema, { path: at, isInMeta, checks }: Place): readonly FieldError[] {
  const value = schema.default ?? null;
  if (value === null) return [];
  const path = `${at}.default`;
  const problems = valueProblems(schema, value, checks, path);
  const all = (found: readonly FieldError[]) => (found.length > 0 ? found : ruleProblems(schema, value, path));
  if (isInMeta) return all(problems);
  const hasUnknown = !checks.allowsUnknownFields && !deepEqual(withoutUnknown(schema, value), value);
  const malformed = coercionProblem(schema, value);
  return [
    ...(hasUnknown ? [invalid(path, value, "must not have unknown fields")] : []),
    ...(malformed === undefined ? all(problems) : [{ ...malformed, path: `${path}.${malformed.path}` }]),
  ];
}

/** A default has to fulfil the rules both as a new value and as one that was there before. */
function ruleProblems(schema: JsonSchema, value: unknown, path: string): readonly FieldError[] {
  const node = compileRules(schema, schema["x-kubernetes-embedded-resource"] === true);
  if (node === undefined) return [];
  const { errors } = checkRules(node, { value, previous: value, path });
  return errors.length > 0 ? errors : checkRules(node, { value, path }).errors;
}

/** Returns the value of a field as pruning leaves it. The value of a field is no object of the API by itself. */
function withoutUnknown(schema: JsonSchema, value: unknown): unknown {
  const holder = { type: "object", properties: { value: schema } };
  return (pruned(holder, { value }, 0).value as { readonly value: unknown }).value;
}

/** Returns whether a schema has a default with fields that the schema does not know. */
export function hasUnprunedDefault(schema: JsonSchema): boolean {
  const { default: value = null, items, properties = {} } = schema;
  return (
    (value !== null && !deepEqual(withoutUnknown(schema, value), value)) ||
    [items, ...Object.values(properties)].some((one) => one !== undefined && hasUnprunedDefault(one))
  );
}
