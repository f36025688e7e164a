import { canonicalText } from "../../codec/json-text.ts";
import { deepEqual } from "../../deep-equal.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "../../field-error.ts";
import { ownValue } from "../../own-property.ts";
import { isJsonObject, type JsonObject } from "../../patch/json-object.ts";
import type { JsonSchema } from "../json-schema.ts";
import { NO_PATH } from "../validate-value.ts";
import type { CompiledRule } from "./compile-rule.ts";
import type { RuleNode } from "./compile-rules.ts";
import { evaluateRule, OUT_OF_BUDGET, type RuleOutcome, type RuleValues } from "./evaluate-rule.ts";
import { schemaValue } from "./schema-value.ts";

/** What all rules of an object may cost. Source: k8s.io/apiserver/pkg/apis/cel/config.go. */
export const OBJECT_COST_MAX = 10_000_000;

/** What the rules say about a value. */
export interface RuleFindings {
  readonly errors: readonly FieldError[];
  /** What does not fulfil a rule, but did not before either. */
  readonly warnings: readonly FieldError[];
  /** Below zero where the rules were not all evaluated. */
  readonly budgetLeft: number;
}

/** A value, and what is known of the one before it. */
export interface RuleSubject {
  readonly value: unknown;
  /** Absent for a value that replaces none. */
  readonly previous?: unknown;
  /** Whether what was wrong before is accepted. Default false. */
  readonly ratchets?: boolean;
  /** Path of the value. Default: it is an object of the API. */
  readonly path?: string;
  readonly budget?: number;
}

/**
 * Evaluates the rules for a value and all values in it.
 *
 * Source: pkg/apiserver/schema/cel/validation.go of upstream's apiextensions-apiserver; for what is accepted, KEP-4008.
 */
export function checkRules(node: RuleNode, subject: RuleSubject): RuleFindings {
  const { value, previous = null, ratchets = false, path = "", budget = OBJECT_COST_MAX } = subject;
  const checker = new RuleChecker(budget);
  const before = ratchets && previous !== null ? { value, previous } : undefined;
  checker.check(node, { path, value, previous, correlated: before, ancestor: undefined });
  return { errors: checker.errors, warnings: checker.warnings, budgetLeft: checker.left };
}

/** A value and the one at the same place before. */
interface Correlated {
  readonly value: unknown;
  readonly previous: unknown;
}

interface Place {
  readonly path: string;
  readonly value: unknown;
  /** What rules see as `oldSelf`. Null: nothing. */
  readonly previous: unknown;
  /** Absent where the values that are replaced cannot be found by their places. */
  readonly correlated: Correlated | undefined;
  /** The nearest value around that is correlated. */
  readonly ancestor: Correlated | undefined;
}

class RuleChecker {
  readonly errors: FieldError[] = [];
  readonly warnings: FieldError[] = [];
  left: number;

  constructor(budget: number) {
    this.left = budget;
  }

  check(node: RuleNode, place: Place): void {
    const { value } = place;
    if (value === null || value === undefined || this.left < 0) return;
    this.#checkOwn(node, place);
    for (const one of node.allOf) this.check(one, { ...place, correlated: undefined });
    if (Array.isArray(value)) this.#checkItems(node, value, place);
    else if (isJsonObject(value)) this.#checkFields(node, value, place);
  }

  #checkOwn({ schema, isObject, rules, error }: RuleNode, place: Place): void {
    const refuse = (detail: string) =>
      this.errors.push(invalid(place.path || NO_PATH, schemaType(schema, isObject), detail));
    if (error !== undefined) refuse(`rule compiler initialization error: ${error}`);
    if (rules.length === 0) return;
    if (this.left <= 0) {
      refuse(OUT_OF_BUDGET);
      this.left = -1;
      return;
    }
    const values = valuesAt({ schema, isObject }, place);
    for (const compiled of rules) {
      if (compiled.error !== undefined) refuse(`rule compile error: ${compiled.error}`);
      const needsPrevious = compiled.usesOldSelf && compiled.rule.optionalOldSelf !== true;
      if (needsPrevious && values.oldSelf === undefined) continue;
      const outcome = evaluateRule(compiled, values, this.left);
      this.left = outcome.isLast === true ? -1 : this.left - outcome.cost;
      if (outcome.failure !== undefined) this.#fail(compiled, outcome, { schema, isObject, place });
      else if (outcome.error !== undefined) refuse(outcome.error);
      if (this.left < 0) return;
    }
  }

  #fail(
    { rule, usesOldSelf, fieldPath }: CompiledRule,
    { failure = "" }: RuleOutcome,
    { schema, isObject, place }: Failing,
  ): void {
    const path =
      fieldPath === "" ? place.path || NO_PATH : place.path === "" ? fieldPath : `${place.path}.${fieldPath}`;
    const isHidden = ["object", "array"].includes(schemaType(schema, isObject));
    const error = failedRule(path, { value: isHidden ? OMITTED : place.value, detail: failure, reason: rule.reason });
    const { correlated = place.ancestor } = place;
    const isOld = !usesOldSelf && correlated !== undefined && deepEqual(correlated.value, correlated.previous);
    (isOld ? this.warnings : this.errors).push(error);
  }

  #checkItems({ items, schema }: RuleNode, list: readonly unknown[], place: Place): void {
    if (items === undefined) return;
    const before = itemsBefore(schema, place.previous);
    const correlatedBefore = itemsBefore(schema, place.correlated?.previous);
    for (const [index, value] of list.entries()) {
      const previous = correlatedBefore(value);
      this.check(items, {
        path: `${place.path}[${index}]`,
        value,
        previous: before(value) ?? null,
        ...below(place, previous === undefined ? undefined : { value, previous }),
      });
    }
  }

  #checkFields({ values, properties }: RuleNode, object: JsonObject, place: Place): void {
    if (values === undefined && properties.size === 0) return;
    for (const [name, value] of Object.entries(object)) {
      const node = properties.get(name) ?? values;
      if (node === undefined) continue;
      const path = node === values ? `${place.path}[${name}]` : place.path === "" ? name : `${place.path}.${name}`;
      const previous = isJsonObject(place.previous) ? (ownValue(place.previous, name) ?? null) : null;
      this.check(node, { path, value, previous, ...fieldBelow(place, name, value) });
    }
  }
}

interface Failing {
  readonly schema: JsonSchema;
  readonly isObject: boolean;
  readonly place: Place;
}

type Correlation = Pick<Place, "correlated" | "ancestor">;

function below({ correlated, ancestor }: Place, inner: Correlated | undefined): Correlation {
  return correlated === undefined ? { correlated, ancestor } : { correlated: inner, ancestor: correlated };
}

/** The type of an object is that of the version in which it is seen, before and after. */
function fieldBelow(place: Place, name: string, value: unknown): Correlation {
  const isType = place.ancestor === undefined && (name === "apiVersion" || name === "kind");
  if (isType) return { correlated: undefined, ancestor: undefined };
  const before = place.correlated?.previous;
  const isKept = isJsonObject(before) && Object.hasOwn(before, name);
  return below(place, isKept ? { value, previous: before[name] } : undefined);
}

function schemaType({ type = "" }: JsonSchema, isObject: boolean): string {
  return isObject ? "object" : type;
}

function valuesAt({ schema, isObject }: Pick<RuleNode, "schema" | "isObject">, { value, previous }: Place): RuleValues {
  const self = schemaValue(schema, value, isObject);
  return previous === null ? { self } : { self, oldSelf: schemaValue(schema, previous, isObject) };
}

/** Returns the item of an earlier list that each item replaces. Only in lists of type `map` the items are known by something. */
function itemsBefore(schema: JsonSchema, previous: unknown): (item: unknown) => unknown {
  const { "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": keys = [] } = schema;
  if (type !== "map" || !Array.isArray(previous)) return () => undefined;
  const before = new Map<string, unknown>();
  for (const item of previous) {
    const identity = identityOf(item, keys);
    if (identity !== undefined && !before.has(identity)) before.set(identity, item);
  }
  return (item) => {
    const identity = identityOf(item, keys);
    return identity === undefined ? undefined : before.get(identity);
  };
}

/** `undefined` for an item without one of the keys. */
function identityOf(item: unknown, keys: readonly string[]): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const values = keys.map((key) => ownValue(item, key));
  return values.some((value) => value === undefined || value === null || typeof value === "object")
    ? undefined
    : canonicalText(values);
}

/** A value that the message does not show. */
const OMITTED = Symbol("omitted");

interface Failure {
  readonly value: unknown;
  readonly detail: string;
  readonly reason: string | undefined;
}

function failedRule(path: string, { value, detail, reason }: Failure): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(path, detail);
    case "FieldValueRequired":
      return required(path, detail);
    case "FieldValueDuplicate":
      return value === OMITTED ? { path, reason, message: "Duplicate value" } : duplicate(path, value);
    default:
      return value === OMITTED
        ? { path, reason: "FieldValueInvalid", message: `Invalid value: ${detail}` }
        : invalid(path, value, detail);
  }
}
