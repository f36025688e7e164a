import { isJsonNumber, isNumeric } from "../codec/json-number.ts";
import { canonicalText } from "../codec/json-text.ts";
import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../field-error.ts";
import { invalid, notSupported, required, tooLong, tooMany } from "../field-error.ts";
import { goQuote } from "../go-quote.ts";
import { ownValue } from "../own-property.ts";
import { isJsonObject, type JsonObject } from "../patch/json-object.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What needs more than the schema to be checked. */
export interface ValueChecks {
  /** Whether a text holds a match of a pattern, in the syntax of RE2. */
  matches(pattern: string, text: string): boolean;
  /** Whether a text is of a format: `ipv4`. A format that is not known fits every text. */
  fitsFormat(format: string, text: string): boolean;
}

/**
 * Returns what is wrong with a value by its schema, in upstream's words. Upstream's order of the fields of an object is random;
 * here it is the object's.
 *
 * @param base - Path of the value, where that is not an object of the API.
 * Source: k8s.io/kube-openapi/pkg/validation, and pkg/apiserver/validation of apiextensions-apiserver, which makes field
 * errors of its results.
 */
export function valueProblems(
  schema: JsonSchema,
  value: unknown,
  checks: ValueChecks,
  base = "",
): readonly FieldError[] {
  return problemsBelow(base, validate(schema, value, "", { checks }));
}

/**
 * Returns what is wrong with a value that replaces another, as {@link valueProblems} does. What was wrong before is accepted in
 * every part of the value that did not change.
 *
 * Source: KEP-4008.
 */
export function changedValueProblems(
  schema: JsonSchema,
  { value, previous }: { readonly value: unknown; readonly previous: unknown },
  checks: ValueChecks,
  base = "",
): readonly FieldError[] {
  return problemsBelow(base, validate(schema, value, "", { checks, previous: { value: previous } }));
}

/** What a value is checked with. */
interface Comparing {
  readonly checks: ValueChecks;
  /** The value that is replaced. Absent: the value is new, or its place in a list does not identify it. */
  readonly previous?: { readonly value: unknown } | undefined;
}

function problemsBelow(base: string, { errors }: Result): readonly FieldError[] {
  return base === "" ? errors : errors.map((error) => ({ ...error, path: pathBelow(base, error.path) }));
}

function pathBelow(base: string, path: string): string {
  return path === "" || path === NO_PATH ? base : `${base}.${path}`;
}

/** Upstream's path of an error about a whole value by a junction of schemas: a pointer that is nil. */
export const NO_PATH = "<nil>";

/** The outcome of a check. The alternative of `anyOf` and `oneOf` that most checks passed explains why none fits. */
interface Result {
  readonly errors: readonly FieldError[];
  readonly passed: number;
}

const PASSED: Result = { errors: [], passed: 1 };

function failed(...errors: FieldError[]): Result {
  return { errors, passed: 0 };
}

/** Joins results. An error that comes from several parts of a schema is kept once. */
function all(results: readonly Result[], passed = 0): Result {
  const errors = new Map<string, FieldError>();
  for (const error of results.flatMap((result) => result.errors)) {
    const key = `${error.path} ${error.message}`;
    if (!errors.has(key)) errors.set(key, error);
  }
  return { errors: [...errors.values()], passed: results.reduce((sum, result) => sum + result.passed, passed) };
}

function validate(schema: JsonSchema, value: unknown, path: string, comparing: Comparing): Result {
  const result = validateAnew(schema, value, path, comparing);
  const { previous } = comparing;
  const isSame = result.errors.length > 0 && previous !== undefined && deepEqual(value, previous.value);
  return isSame ? { ...result, errors: [] } : result;
}

function validateAnew(schema: JsonSchema, value: unknown, path: string, comparing: Comparing): Result {
  if (value === null) return all([typeResult(schema, value, path), enumResult(schema, value, path)]);
  const results = [typeResult(schema, value, path), junctionResult(schema, value, path, comparing)];
  if (typeof value === "string") results.push(textResult(schema, value, path, comparing.checks));
  if (isNumeric(value)) results.push(numberResult(schema, value, path));
  if (Array.isArray(value)) results.push(listResult(schema, value, path, comparing));
  results.push(enumResult(schema, value, path));
  if (isJsonObject(value)) results.push(objectResult(schema, value, path, comparing));
  return all(results, results.length + 1);
}

/** A field of the object at a path. The root has no name, and its fields no dot. */
function at(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** `spec.a in body`: how upstream names a value. */
function named(path: string): string {
  return `${path} in body`;
}

type JsonType = "null" | "boolean" | "string" | "integer" | "number" | "array" | "object";

function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (isJsonNumber(value)) return "number";
  return typeof value === "boolean" || typeof value === "string" ? (typeof value as JsonType) : "object";
}

function typeResult(schema: JsonSchema, value: unknown, path: string): Result {
  const { type, format, nullable } = schema;
  const types =
    schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : type === undefined ? [] : [type];
  const actual = typeOf(value);
  const wrong = () => ({
    path,
    reason: "FieldValueTypeInvalid" as const,
    message: `Invalid value: ${goQuote(actual)}: ${named(path)} must be of type ${types.join(",")}: ${goQuote(actual)}`,
  });
  if (value === null) return types.length === 0 || nullable === true ? PASSED : failed(wrong());
  if (types.length === 0 && (format ?? "") === "") return { errors: [], passed: 0 };
  const isNumberType = types.includes("number") || types.includes("integer");
  if (!isNumberType && (format ?? "") !== "" && (actual === "string" || actual === "array")) return PASSED;
  const isWholeNumber = actual === "number" && types.includes("integer") && Number.isInteger(Number(value));
  const fits = types.includes(actual) || isWholeNumber || (actual === "integer" && types.includes("number"));
  return fits ? PASSED : failed(wrong());
}

function junctionError(message: string): FieldError {
  return { path: NO_PATH, reason: "FieldValueInvalid", message: `Invalid value: "": ${message}` };
}

function junctionResult(schema: JsonSchema, value: unknown, path: string, comparing: Comparing): Result {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const results: Result[] = [];
  const resultOf = (alternative: JsonSchema) => validate(alternative, value, path, comparing);
  if (anyOf.length > 0) {
    const tried = anyOf.map(resultOf);
    const fitting = tried.find(({ errors }) => errors.length === 0);
    if (fitting === undefined) {
      results.push(failed(junctionError(`${goQuote(path)} must validate at least one schema (anyOf)`)));
    }
    results.push(fitting ?? bestOf(tried));
  }
  if (oneOf.length > 0) {
    const tried = oneOf.map(resultOf);
    const fitting = tried.filter(({ errors }) => errors.length === 0);
    const [first = bestOf(tried)] = fitting;
    if (fitting.length !== 1) {
      const found = fitting.length === 0 ? "Found none valid" : `Found ${fitting.length} valid alternatives`;
      results.push(failed(junctionError(`${goQuote(path)} must validate one and only one schema (oneOf). ${found}`)));
    }
    if (fitting.length <= 1) results.push(first);
  }
  if (allOf.length > 0) {
    const tried = allOf.map(resultOf);
    const fitting = tried.filter(({ errors }) => errors.length === 0).length;
    results.push(...tried);
    if (fitting < tried.length) {
      const none = fitting === 0 ? ". None validated" : "";
      results.push(failed(junctionError(`${goQuote(path)} must validate all the schemas (allOf)${none}`)));
    }
  }
  if (not !== undefined && resultOf(not).errors.length === 0) {
    results.push(failed(junctionError(`${goQuote(path)} must not validate the schema (not)`)));
  }
  return all(results, 1);
}

/** The first of the results with the most passed checks. */
function bestOf(results: readonly Result[]): Result {
  return results.reduce((best, result) => (result.passed > best.passed ? result : best));
}

function textResult(schema: JsonSchema, text: string, path: string, checks: ValueChecks): Result {
  const { minLength, maxLength, pattern = "", format = "" } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : [...text].length;
  const problem = (): FieldError | undefined => {
    if (maxLength !== undefined && length > maxLength) return tooLong(path, maxLength);
    if (minLength !== undefined && length < minLength) {
      return invalid(path, text, `${named(path)} should be at least ${minLength} chars long`);
    }
    if (pattern === "" || checks.matches(pattern, text)) return undefined;
    return invalid(path, text, `${named(path)} should match '${pattern}'`);
  };
  const found = problem();
  const results = [found === undefined ? PASSED : failed(found)];
  if (format !== "" && !checks.fitsFormat(format, text)) {
    const wrong = `${named(path)} must be of type ${format}: ${goQuote(text)}`;
    const message = `Invalid value: ${goQuote(text)}: ${wrong}`;
    results.push(failed({ path, reason: "FieldValueTypeInvalid", message }));
  }
  return all(results);
}

function numberResult(schema: JsonSchema, given: unknown, path: string): Result {
  const { minimum, maximum, multipleOf, exclusiveMinimum = false, exclusiveMaximum = false } = schema;
  const value = typeof given === "bigint" ? given : Number(given);
  const errors: FieldError[] = [];
  const refuse = (text: string) => errors.push(invalid(path, given, `${named(path)} should be ${text}`));
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) refuse(`a multiple of ${multipleOf}`);
  if (minimum !== undefined && (value < minimum || (exclusiveMinimum && value === minimum))) {
    refuse(exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`);
  }
  if (maximum !== undefined && (value > maximum || (exclusiveMaximum && value === maximum))) {
    refuse(exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`);
  }
  return { errors, passed: errors.length === 0 ? 1 : 0 };
}

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === "bigint") return Number.isInteger(factor) && value % BigInt(factor) === 0n;
  // As upstream: a division by a small factor would round.
  const quotient = Math.abs(factor) < 1 ? (1 / factor) * value : value / factor;
  return Number.isInteger(quotient);
}

function listResult(schema: JsonSchema, list: readonly unknown[], path: string, comparing: Comparing): Result {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const itemBefore = itemsBefore(schema, comparing);
  const results =
    items === undefined
      ? []
      : list.map((item, index) => validate(items, item, `${path}[${index}]`, { ...comparing, ...itemBefore(item) }));
  const { length } = list;
  if (minItems !== undefined && length < minItems) {
    results.push(failed(invalid(path, length, `${named(path)} should have at least ${minItems} items`)));
  }
  if (maxItems !== undefined && length > maxItems) results.push(failed(tooMany(path, length, maxItems)));
  if (uniqueItems === true && new Set(list.map(canonicalText)).size < length) {
    results.push(failed(invalid(path, "", `${named(path)} shouldn't contain duplicates`)));
  }
  return all(results, 1);
}

/** Returns the item that each item replaces. Only in lists of type `map` the items are known by something. */
function itemsBefore(
  { "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": keys = [] }: JsonSchema,
  { previous }: Comparing,
): (item: unknown) => Pick<Comparing, "previous"> {
  const list = previous?.value;
  if (type !== "map" || !Array.isArray(list)) return () => NOTHING_BEFORE;
  const identity = (item: unknown) =>
    canonicalText(keys.map((key) => (isJsonObject(item) ? (ownValue(item, key) ?? null) : null)));
  const before = new Map(list.map((item) => [identity(item), { value: item }]));
  return (item) => {
    const found = before.get(identity(item));
    return found === undefined ? NOTHING_BEFORE : { previous: found };
  };
}

const NOTHING_BEFORE: Pick<Comparing, "previous"> = { previous: undefined };

function enumResult({ enum: values = [] }: JsonSchema, value: unknown, path: string): Result {
  if (values.length === 0) return PASSED;
  const text = canonicalText(value);
  if (values.some((allowed) => canonicalText(allowed) === text)) return PASSED;
  const shown = values.map((allowed) => (typeof allowed === "string" ? allowed : canonicalText(allowed)));
  return failed(notSupported(path, value, shown));
}

function objectResult(schema: JsonSchema, object: JsonObject, path: string, comparing: Comparing): Result {
  const { properties, additionalProperties, required: names = [], minProperties, maxProperties } = schema;
  const entries = Object.entries(object);
  const results: Result[] = [];
  if (minProperties !== undefined && entries.length < minProperties) {
    const problem = `${named(path)} should have at least ${minProperties} properties`;
    results.push(failed(invalid(path, entries.length, problem)));
  }
  if (maxProperties !== undefined && entries.length > maxProperties) {
    results.push(failed(tooMany(path, entries.length, maxProperties)));
  }
  for (const [name, value] of entries) {
    const property = ownValue(properties, name);
    const below = property ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (below !== undefined) {
      results.push(validate(below, value, at(path, name), { ...comparing, ...fieldBefore(name, path, comparing) }));
    } else if (additionalProperties === false) {
      results.push(failed(invalid(path, name, `${path}.${name} in body is a forbidden property`)));
    }
  }
  for (const name of names) if (!Object.hasOwn(object, name)) results.push(failed(required(at(path, name))));
  return all(results);
}

/** Returns the field that a field replaces. The type of an object is that of the version in which it is seen, before and after. */
function fieldBefore(name: string, path: string, { previous }: Comparing): Pick<Comparing, "previous"> {
  const object = previous?.value;
  const isType = path === "" && (name === "kind" || name === "apiVersion");
  return isJsonObject(object) && Object.hasOwn(object, name) && !isType
    ? { previous: { value: object[name] } }
    : NOTHING_BEFORE;
}
