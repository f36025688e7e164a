import { type FieldError, forbidden, invalid } from "../../../field-error.ts";
import type { JsonSchema, ValidationRule } from "../../../structural/json-schema.ts";
import { type CompiledRule, cardinalityOf, compileRule } from "../../../structural/rules/compile-rule.ts";
import { escapedName } from "../../../structural/rules/escape-name.ts";
import { type SizedType, sizedType } from "../../../structural/rules/sized-type.ts";

/** What one expression may cost at most, for all values of an object that it is evaluated for. */
const EXPRESSION_COST_MAX = 10_000_000;
/** What all expressions of a schema may cost. */
const SCHEMA_COST_MAX = 100_000_000;
/** Numbers that Go cannot count further than. */
const COST_MAX = 2 ** 64;
/** How many of the most expensive rules are named. */
const NAMED_MAX = 4;

/** What is known of a schema besides itself. */
export interface ExpressionChecks {
  /** What else is wrong with the schema. Rules about parts with problems are not compiled. */
  readonly problems: readonly FieldError[];
  /** Whether expressions may cost more than a new one may. */
  readonly allowsCostly: boolean;
}

/**
 * Returns what is wrong with the expressions of the rules of a schema: they have to compile, and may not cost too much.
 *
 * Source: `ValidateCustomResourceDefinitionOpenAPISchema` and cel_validation.go of upstream's pkg/apis/apiextensions/validation.
 */
export function expressionProblems(
  schema: JsonSchema,
  path: string,
  { problems, allowsCostly }: ExpressionChecks,
): readonly FieldError[] {
  const walk = new Walk(
    problems.map((problem) => problem.path),
    allowsCostly,
  );
  walk.visit(schema, { path, isObject: true, type: undefined, count: 1, withoutOld: undefined });
  const { total } = walk;
  if (total <= SCHEMA_COST_MAX) return walk.problems;
  const named = [...walk.costs].sort((a, b) => b.cost - a.cost).slice(0, NAMED_MAX);
  const detail = "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
  return [
    ...walk.problems,
    ...named.map((rule) => forbidden(rule.path, detail)),
    forbidden(
      path,
      costText(
        "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
        total,
        SCHEMA_COST_MAX,
      ),
    ),
  ];
}

interface Place {
  readonly path: string;
  readonly isObject: boolean;
  /** Known where a schema around has rules. */
  readonly type: SizedType | undefined;
  /** How many values there may be. Absent: as many as fit into a request. */
  readonly count: number | undefined;
  /** Path of the list around whose items are known by nothing: what they replace is not known either. */
  readonly withoutOld: string | undefined;
}

class Walk {
  readonly problems: FieldError[] = [];
  /** What the rules cost that cost much. */
  readonly costs: { readonly path: string; readonly cost: number }[] = [];
  total = 0;
  readonly #problemPaths: readonly string[];
  readonly #allowsCostly: boolean;

  constructor(problemPaths: readonly string[], allowsCostly: boolean) {
    this.#problemPaths = problemPaths;
    this.#allowsCostly = allowsCostly;
  }

  visit(schema: JsonSchema, place: Place): void {
    const { "x-kubernetes-validations": rules = [], additionalProperties, properties = {}, items } = schema;
    const type = place.type ?? (rules.length === 0 ? undefined : sizedType(schema, place.isObject));
    const below = (inner: JsonSchema, path: string, innerType: SizedType | undefined): Place => ({
      path,
      isObject: inner["x-kubernetes-embedded-resource"] === true,
      type: innerType,
      count: countBelow(schema, place.count),
      withoutOld: place.withoutOld,
    });
    if (typeof additionalProperties === "object") {
      this.visit(additionalProperties, below(additionalProperties, `${place.path}.additionalProperties`, type?.items));
    }
    for (const [name, property] of Object.entries(properties)) {
      const field = type?.fields?.get(escapedName(name) ?? "");
      this.visit(property, below(property, `${place.path}.properties[${name}]`, field));
    }
    if (items !== undefined) {
      const isCorrelated = schema["x-kubernetes-list-type"] === "map";
      const inner = below(items, `${place.path}.items`, type?.items);
      this.visit(items, { ...inner, withoutOld: inner.withoutOld ?? (isCorrelated ? undefined : place.path) });
    }
    if (rules.length > 0 && !this.#hasProblem(place.path)) this.#checkRules(schema, { ...place, type });
  }

  #hasProblem(path: string): boolean {
    return this.#problemPaths.some(
      (problem) => problem === path || problem.startsWith(`${path}.`) || problem.startsWith(`${path}[`),
    );
  }

  #checkRules(schema: JsonSchema, place: Place): void {
    const at = `${place.path}.x-kubernetes-validations`;
    const { type } = place;
    if (type === undefined) {
      const problem = "unable to convert structural schema to CEL declarations";
      const message = `Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: ${problem}`;
      this.problems.push({ path: at, reason: "InternalError", message });
      return;
    }
    for (const [index, rule] of (schema["x-kubernetes-validations"] ?? []).entries()) {
      this.#check(compileRule(rule, schema, type), { ...place, path: `${at}[${index}]`, type });
    }
  }

  #check(compiled: CompiledRule, place: Place & { readonly type: SizedType }): void {
    const { rule, program, error, messageError, message, usesOldSelf } = compiled;
    const { path, withoutOld } = place;
    const each = program?.maxCost ?? 0;
    const cost = each === 0 ? 0 : Math.min(COST_MAX, each * (place.count ?? cardinalityOf(place.type)));
    this.#count(`${path}.rule`, cost, "estimated rule cost");
    if (error !== undefined) this.problems.push(invalid(`${path}.rule`, shownRule(rule), error));
    if (messageError !== undefined)
      this.problems.push(invalid(`${path}.messageExpression`, shownRule(rule), messageError));
    else if (message !== undefined) {
      this.#count(`${path}.messageExpression`, message.maxCost, "estimated messageExpression cost");
    }
    if (usesOldSelf && withoutOld !== undefined) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${withoutOld}`;
      this.problems.push(invalid(`${path}.rule`, rule.rule, detail));
    } else if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
      const detail = "may not be set if oldSelf is not used in rule";
      this.problems.push(invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, detail));
    }
  }

  #count(path: string, cost: number, name: string): void {
    if (!this.#allowsCostly && cost > EXPRESSION_COST_MAX) {
      this.problems.push(forbidden(path, costText(name, cost, EXPRESSION_COST_MAX)));
    }
    this.total = Math.min(COST_MAX, this.total + cost);
    if (cost >= SCHEMA_COST_MAX / 100) this.costs.push({ path, cost });
  }
}

function countBelow(schema: JsonSchema, count: number | undefined): number | undefined {
  const most = elementsMax(schema);
  return count === undefined || most === undefined ? undefined : Math.min(COST_MAX, count * most);
}

/** How many values of one part of a schema may be in a value; `undefined`: any number. */
function elementsMax({ type, additionalProperties, maxProperties, maxItems }: JsonSchema): number | undefined {
  const most = type === "array" ? maxItems : maxProperties;
  const isMany = type === "array" || (type === "object" && additionalProperties !== undefined);
  if (!isMany) return 1;
  return most === undefined ? undefined : Math.max(0, Number(most));
}

function costText(name: string, cost: number, max: number): string {
  const factor = cost / max;
  // Close to 1, one digit would say that nothing is exceeded.
  const shown = factor > 100 ? "more than 100x" : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** As upstream shows a rule. */
function shownRule({ rule, message, messageExpression, reason, fieldPath, optionalOldSelf }: ValidationRule) {
  return {
    Rule: rule,
    Message: message ?? "",
    MessageExpression: messageExpression ?? "",
    Reason: reason ?? null,
    FieldPath: fieldPath ?? "",
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}
