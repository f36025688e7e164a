import { growing, grown } from "./accumulator.ts";
import { isAttribute, startsWithCondition } from "./attribute.ts";
import type { Budget } from "./budget.ts";
import { callCost, LIST_COST, MAP_COST } from "./call-cost.ts";
import { numberOf } from "./equal.ts";
import { EvaluationProblem, noSuchOverload } from "./evaluation-problem.ts";
import type { Expression, Fold } from "./expression.ts";
import { declaredName } from "./field-name.ts";
import type { Overload } from "./functions/overload.ts";
import type { PlannedExpression } from "./plan-expression.ts";
import type { CelType } from "./type.ts";
import { type CelValue, isCelList, isCelMap, kindOf, mapOf, Opaque, Optional, typeNameOf } from "./value.ts";

/**
 * Returns the value of an expression. What is spent on the way is what cel-go counts: an *attribute*, which is a name with the
 * fields and items that are read from it, costs one for the name and one for each of them; the name is free where the attribute
 * is a branch of `?:` or an index.
 *
 * @param variables - Values by name.
 * @param budget - What the evaluation may cost.
 * @throws {EvaluationProblem} for an expression without a value.
 * @throws {CostExceeded} when it costs too much.
 */
export function evaluate(
  expression: PlannedExpression,
  variables: ReadonlyMap<string, CelValue>,
  budget: Budget,
): CelValue {
  return new Evaluation(expression, variables, budget).value(expression.root);
}

type CallExpression = Extract<Expression, { kind: "call" }>;
/** What a fold has come to: a value, or why there is none. */
type Outcome = { readonly value: CelValue } | { readonly problem: EvaluationProblem };

class Evaluation {
  readonly #plan: PlannedExpression;
  readonly #variables: ReadonlyMap<string, CelValue>;
  readonly #budget: Budget;
  /** Values of the names that folds declare. */
  readonly #locals = new Map<string, Outcome>();

  constructor(plan: PlannedExpression, variables: ReadonlyMap<string, CelValue>, budget: Budget) {
    this.#plan = plan;
    this.#variables = variables;
    this.#budget = budget;
  }

  value(expression: Expression): CelValue {
    const constant = this.#plan.constants.get(expression.id);
    if (constant !== undefined) return constant;
    if (isAttribute(expression)) {
      const isTest = expression.kind === "select" && expression.isTest;
      const cost = (startsWithCondition(expression) ? 0 : 1) - (isTest ? 1 : 0);
      return this.#afterSpending(cost, () => this.#resolved(expression));
    }
    switch (expression.kind) {
      case "call":
        return this.#call(expression);
      case "list":
        return this.#afterSpending(LIST_COST, () => this.#list(expression));
      case "map":
        return this.#afterSpending(MAP_COST, () => this.#map(expression));
      case "fold":
        return this.#fold(expression);
      default:
        throw new Error(`${expression.kind} is not planned`);
    }
  }

  #list({ items, optional }: Extract<Expression, { kind: "list" }>): CelValue {
    const values = items.map((item) => this.value(item));
    return optional === undefined ? values : present(values, (value) => value, optional).map(([, value]) => value);
  }

  #map({ entries, optional }: Extract<Expression, { kind: "map" }>): CelValue {
    const values = entries.map(([key, value]) => [this.value(key), this.value(value)] as const);
    if (optional === undefined) return mapOf(values);
    return mapOf(present(values, ([, value]) => value, optional).map(([[key], value]) => [key, value]));
  }

  /** What has no value costs the same. */
  #afterSpending(cost: number, compute: () => CelValue): CelValue {
    const outcome = outcomeOf(compute);
    this.#budget.spend(cost);
    return unwrapped(outcome);
  }

  /** The value of a part of an attribute. */
  #part(expression: Expression): CelValue {
    return isAttribute(expression) ? this.#resolved(expression) : this.value(expression);
  }

  /** The value of an attribute, without what its name costs. */
  #resolved(attribute: Expression): CelValue {
    const constant = this.#plan.constants.get(attribute.id);
    if (constant !== undefined) return constant;
    if (attribute.kind === "ident") return this.#named(attribute.name);
    if (attribute.kind === "select") return this.#select(attribute);
    if (attribute.kind !== "call") throw new Error(`${attribute.kind} is no attribute`);
    switch (attribute.name) {
      case "_?_:_":
        return this.#conditional(attribute);
      case "_?._":
        return this.#optionalField(attribute);
      default:
        return this.#index(attribute);
    }
  }

  #named(name: string): CelValue {
    const local = this.#locals.get(name);
    if (local !== undefined) return unwrapped(local);
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new EvaluationProblem(`no such attribute(s): ${name}`);
    return variable;
  }

  #select({ operand, field, isTest }: Extract<Expression, { kind: "select" }>): CelValue {
    const given = this.#part(operand);
    if (given instanceof Optional) {
      const inner = given.value === undefined ? undefined : fieldOf(given.value, field);
      if (inner !== undefined || isTest) this.#budget.spend(1);
      return isTest ? inner !== undefined : new Optional(inner);
    }
    const found = fieldOf(given, field);
    this.#budget.spend(1);
    if (isTest) return found !== undefined;
    if (found === undefined) throw new EvaluationProblem(`no such key: ${field}`);
    return found;
  }

  #call(call: CallExpression): CelValue {
    switch (call.name) {
      case "_&&_":
        return this.#junction(call, false);
      case "_||_":
        return this.#junction(call, true);
      case "@not_strictly_false":
        return this.#notStrictlyFalse(call);
      case "or":
      case "orValue":
        return this.#alternative(call);
      default:
        return this.#function(call);
    }
  }

  /** `decisive` alone makes the result, also where the other side has no value. */
  #junction({ args }: CallExpression, decisive: boolean): CelValue {
    let problem: EvaluationProblem | undefined;
    for (const argument of args) {
      const outcome = this.#outcome(argument);
      if ("problem" in outcome) problem ??= outcome.problem;
      else if (outcome.value === decisive) return decisive;
      else if (outcome.value !== !decisive) problem ??= noSuchOverload();
    }
    if (problem !== undefined) throw problem;
    return !decisive;
  }

  #outcome(expression: Expression): Outcome {
    return outcomeOf(() => this.value(expression));
  }

  #conditional({ args }: CallExpression): CelValue {
    const [condition, truthy, falsy] = args;
    const decided = condition === undefined ? null : this.value(condition);
    if (typeof decided !== "boolean") throw noSuchOverload();
    const branch = decided ? truthy : falsy;
    return branch === undefined ? null : this.#part(branch);
  }

  #notStrictlyFalse({ args: [argument] }: CallExpression): CelValue {
    if (argument === undefined) return true;
    const outcome = this.#outcome(argument);
    this.#budget.spend(1);
    return "problem" in outcome || outcome.value !== false;
  }

  /** `a.or(b)`: the second one is evaluated where the first one is absent. */
  #alternative({ name, target, args: [other] }: CallExpression): CelValue {
    const first = target === undefined ? null : this.value(target);
    if (!(first instanceof Optional)) throw noSuchOverload();
    if (first.value !== undefined) return name === "or" ? first : first.value;
    return other === undefined ? first : this.value(other);
  }

  #index({ name, args: [containerPart, keyPart] }: CallExpression): CelValue {
    const container = containerPart === undefined ? null : this.#part(containerPart);
    const isOptional = name === "_[?_]" || container instanceof Optional;
    const inner = container instanceof Optional ? container.value : container;
    if (inner === undefined) return new Optional(undefined);
    const key = keyPart === undefined ? null : this.#part(keyPart);
    const found = itemOf(inner, key);
    if (found !== undefined || !isOptional) this.#budget.spend(1);
    if (isOptional) return new Optional(found);
    if (found !== undefined) return found;
    throw new EvaluationProblem(
      isCelList(inner) ? `index out of bounds: ${shownKey(key)}` : `no such key: ${shownKey(key)}`,
    );
  }

  #optionalField({ args: [operand, field] }: CallExpression): CelValue {
    const given = operand === undefined ? null : this.#part(operand);
    const inner = given instanceof Optional ? given.value : given;
    const name = field?.kind === "literal" ? String(field.value) : "";
    const found = inner === undefined ? undefined : fieldOf(inner, name);
    if (found !== undefined) this.#budget.spend(1);
    return found instanceof Optional ? found : new Optional(found);
  }

  #function(call: CallExpression): CelValue {
    const given = call.target === undefined ? call.args : [call.target, ...call.args];
    // As cel-go: with up to two arguments all are evaluated, also where the first one has no value.
    const outcomes =
      given.length > 2 ? given.map((one) => ({ value: this.value(one) })) : given.map((one) => this.#outcome(one));
    let result: Outcome | undefined;
    const computed = () => {
      result ??= outcomeOf(() => this.#applied(call, outcomes.map(unwrapped)));
      return result;
    };
    // Charged before the call, where the cost follows from the arguments.
    if (!this.#plan.freeCalls.has(call.id)) {
      const overloads = this.#plan.overloads.get(call.id) ?? [];
      // What is not known before evaluation costs what its name says.
      const overload = overloads.length === 1 ? (overloads[0]?.id ?? "") : "";
      const args = outcomes.map(valueOrNull);
      this.#budget.spend(callCost(call.name, overload, { args, result: () => valueOrNull(computed()) }));
    }
    return unwrapped(computed());
  }

  #applied({ id, name }: CallExpression, values: readonly CelValue[]): CelValue {
    const overload = this.#plan.overloads.get(id)?.find((candidate) => takes(candidate, values));
    if (overload === undefined) throw noSuchOverload(isOperator(name) ? "" : name, values);
    return overload.call(values);
  }

  #fold(fold: Fold): CelValue {
    const { range, iterVar, iterVar2, accuVar, init, condition, step, result } = fold;
    const names = [accuVar, iterVar, ...(iterVar2 === undefined ? [] : [iterVar2])];
    const hidden = names.map((name) => [name, this.#locals.get(name)] as const);
    const collection = this.value(range);
    let accu = outcomeOf(() => (isLiteral(init) ? growing(this.value(init)) : this.value(init)));
    for (const [first, second] of iterated(collection, iterVar2 !== undefined)) {
      this.#locals.set(accuVar, accu);
      this.#locals.set(iterVar, { value: first });
      if (iterVar2 !== undefined) this.#locals.set(iterVar2, { value: second });
      if (this.value(condition) !== true) break;
      accu = this.#outcome(step);
    }
    const made = accu;
    this.#locals.set(accuVar, "value" in made ? { value: grown(made.value) } : made);
    try {
      return this.value(result);
    } finally {
      for (const [name, value] of hidden) {
        if (value === undefined) this.#locals.delete(name);
        else this.#locals.set(name, value);
      }
    }
  }
}

function outcomeOf(compute: () => CelValue): Outcome {
  try {
    return { value: compute() };
  } catch (error) {
    if (error instanceof EvaluationProblem) return { problem: error };
    throw error;
  }
}

function valueOrNull(outcome: Outcome): CelValue {
  return "value" in outcome ? outcome.value : null;
}

function unwrapped(outcome: Outcome): CelValue {
  if ("problem" in outcome) throw outcome.problem;
  return outcome.value;
}

/** Whether a fold starts with a list or a map that it makes itself. */
function isLiteral({ kind }: Expression): boolean {
  return kind === "list" || kind === "map";
}

/** Operators have names that no function could have. */
function isOperator(name: string): boolean {
  return /^[^a-z]/.test(name);
}

/** Returns the present elements, each with its value; those at some places may be absent. */
function present<T>(
  parts: readonly T[],
  valueIn: (part: T) => CelValue,
  optional: ReadonlySet<number>,
): readonly (readonly [part: T, value: CelValue])[] {
  return parts.flatMap((part, index) => {
    const given = valueIn(part);
    const value = optional.has(index) && given instanceof Optional ? given.value : given;
    return value === undefined ? [] : [[part, value] as const];
  });
}

function fieldOf(value: CelValue, field: string): CelValue | undefined {
  if (isCelMap(value)) {
    return value.isObject
      ? value.get(declaredName({ has: (name) => value.get(name) !== undefined }, field))
      : value.get(field);
  }
  throw new EvaluationProblem(`unsupported index type '${typeNameOf(value)}'`);
}

function itemOf(container: CelValue, key: CelValue): CelValue | undefined {
  if (isCelMap(container)) return container.get(key);
  if (!isCelList(container)) throw noSuchOverload();
  const index = numberOf(key);
  if (index === undefined || Number(index) !== Math.trunc(Number(index))) {
    throw new EvaluationProblem(`unsupported index type '${typeNameOf(key)}' in list`);
  }
  return container[Number(index)];
}

function shownKey(key: CelValue): string {
  return String(numberOf(key) ?? key);
}

function iterated(collection: CelValue, hasTwo: boolean): Iterable<readonly [CelValue, CelValue]> {
  if (isCelList(collection)) {
    return collection.map((item, index) => (hasTwo ? [BigInt(index), item] : [item, null]));
  }
  if (!isCelMap(collection)) throw noSuchOverload();
  return collection.keys().map((key) => [key, hasTwo ? (collection.get(key) ?? null) : null]);
}

function takes({ args }: Overload, values: readonly CelValue[]): boolean {
  return args.every((type, index) => isOf(type, values[index] ?? null));
}

/** Whether a value is of a type, as far as an overload is chosen by it. */
function isOf(type: CelType, value: CelValue): boolean {
  if (type.kind === "dyn" || type.kind === "param") return true;
  if (type.kind === "opaque") return value instanceof Opaque && value.typeName === type.name;
  const kind = kindOf(value);
  // Lists in lists are taken as they come.
  if (type.kind === "list" && isCelList(value) && type.items.kind !== "list") {
    return value.length === 0 || isOf(type.items, value[0] ?? null);
  }
  return kind === type.kind || (type.kind === "map" && kind === "object");
}
