import type { CheckedExpression } from "./check-expression.ts";
import type { Expression } from "./expression.ts";
import { partsOf } from "./expression-parts.ts";
import { patternOf } from "./functions/pattern-cache.ts";
import { TYPE_IDENTIFIERS } from "./type-identifiers.ts";
import { type CelValue, isCelList, mapOf, TYPE_NAMES, TypeValue, Uint } from "./value.ts";

/** An expression that is ready for evaluation. */
export interface PlannedExpression extends CheckedExpression {
  /** Values of the parts that are the same at every evaluation, by their numbers. They cost nothing. */
  readonly constants: ReadonlyMap<number, CelValue>;
  /** Calls that cost nothing: questions whether a constant list has a value. */
  readonly freeCalls: ReadonlySet<number>;
}

/**
 * Computes what is constant in an expression.
 *
 * @throws {EvaluationProblem} for a constant that has no value.
 * Source: interpreter/decorators.go of cel-go.
 */
export function planExpression(checked: CheckedExpression): PlannedExpression {
  const constants = new Map<number, CelValue>();
  const freeCalls = new Set<number>();
  plan(checked.root, { checked, constants, freeCalls });
  return { ...checked, constants, freeCalls };
}

interface Planning {
  readonly checked: CheckedExpression;
  readonly constants: Map<number, CelValue>;
  readonly freeCalls: Set<number>;
}

function plan(expression: Expression, planning: Planning): void {
  for (const part of partsOf(expression)) plan(part, planning);
  const value = constantValue(expression, planning);
  if (value !== undefined) planning.constants.set(expression.id, value);
}

function constantValue(expression: Expression, planning: Planning): CelValue | undefined {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "ident": {
      // The checker knows every other name as a variable.
      const type = planning.checked.types.get(expression.id);
      const named = type?.kind === "type" ? TYPE_IDENTIFIERS.get(expression.name) : undefined;
      if (named === undefined) return undefined;
      return new TypeValue(named.kind === "opaque" ? named.name : (TYPE_NAMES[named.kind] ?? named.kind));
    }
    case "list":
      return allConstant(expression.items, planning);
    case "map": {
      const keys = allConstant(
        expression.entries.map(([key]) => key),
        planning,
      );
      const values = allConstant(
        expression.entries.map(([, value]) => value),
        planning,
      );
      if (keys === undefined || values === undefined) return undefined;
      return mapOf(keys.map((key, index) => [key, values[index] ?? null]));
    }
    case "call":
      return constantCall(expression, planning);
    default:
      return undefined;
  }
}

function allConstant(parts: readonly Expression[], { constants }: Planning): readonly CelValue[] | undefined {
  const values = parts.map((part) => constants.get(part.id));
  return values.every((value) => value !== undefined) ? values : undefined;
}

const CONVERSIONS: ReadonlySet<string> = new Set(
  "bool bytes double duration dyn int string timestamp type uint".split(" "),
);

/** Functions that take a pattern as their first argument. */
const PATTERN_CALLS: ReadonlySet<string> = new Set(["matches", "find", "findAll"]);

function constantCall(call: Extract<Expression, { kind: "call" }>, planning: Planning): CelValue | undefined {
  const { id, name, target, args } = call;
  const [first, second] = args.map((argument) => planning.constants.get(argument.id));
  if (CONVERSIONS.has(name) && target === undefined && args.length === 1 && first !== undefined) {
    const overloads = planning.checked.overloads.get(id) ?? [];
    return overloads.length === 1 ? overloads[0]?.call([first]) : undefined;
  }
  if (PATTERN_CALLS.has(name)) {
    const pattern = target === undefined ? second : first;
    if (typeof pattern === "string") patternOf(pattern, "");
  }
  if (name !== "@in" || second === undefined || !isCelList(second)) return undefined;
  if (second.length === 0) return false;
  if (second.every(isPrimitive)) planning.freeCalls.add(id);
  return undefined;
}

function isPrimitive(value: CelValue): boolean {
  return ["bigint", "number", "string", "boolean"].includes(typeof value) || value instanceof Uint;
}
