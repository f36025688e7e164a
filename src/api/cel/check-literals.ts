import { isSameType } from "./assignability.ts";
import type { CheckedExpression } from "./check-expression.ts";
import { EvaluationProblem } from "./evaluation-problem.ts";
import { type Expression, ExpressionProblem, throwProblems } from "./expression.ts";
import { partsOf } from "./expression-parts.ts";
import { patternOf } from "./functions/pattern-cache.ts";
import { type CelType, typeText } from "./type.ts";

/**
 * Checks what Kubernetes demands of literals: durations, times and patterns have a value, and what stands in one list is of one
 * type, except in arguments of `format`.
 *
 * @throws {ExpressionProblem} for those that are wrong.
 * Source: cel/validator.go of cel-go; k8s.io/apiserver/pkg/cel/environment/base.go.
 */
export function checkLiterals(checked: CheckedExpression): void {
  throwProblems(problemsIn(checked.root, { checked, isFormatted: false }));
}

interface Place {
  readonly checked: CheckedExpression;
  /** Whether the expression is part of an argument of `format`. */
  readonly isFormatted: boolean;
}

function problemsIn(expression: Expression, place: Place): readonly ExpressionProblem[] {
  const below = expression.kind === "call" && expression.name === "format" ? { ...place, isFormatted: true } : place;
  return [...ownProblems(expression, place), ...partsOf(expression).flatMap((part) => problemsIn(part, below))];
}

function ownProblems(expression: Expression, { checked, isFormatted }: Place): readonly ExpressionProblem[] {
  if (expression.kind === "call") return argumentProblems(expression, checked);
  if (isFormatted) return [];
  const of = (parts: readonly Expression[], optional?: ReadonlySet<number>) =>
    otherTypes(parts, { types: checked.types, optional });
  if (expression.kind === "list") return of(expression.items, expression.optional).slice(0, 1);
  if (expression.kind !== "map") return [];
  const { entries, optional } = expression;
  return [
    ...of(entries.map(([key]) => key)),
    ...of(
      entries.map(([, value]) => value),
      optional,
    ),
  ];
}

/** Functions whose argument has to have a value when it is a literal. */
const CHECKED: ReadonlySet<string> = new Set(["duration", "timestamp", "matches"]);

function argumentProblems(
  { id, name, args: [argument] }: Extract<Expression, { kind: "call" }>,
  { overloads }: CheckedExpression,
): readonly ExpressionProblem[] {
  if (!CHECKED.has(name) || argument?.kind !== "literal") return [];
  try {
    if (name === "matches") patternOf(String(argument.value), "");
    else overloads.get(id)?.[0]?.call([argument.value]);
    return [];
  } catch (error) {
    if (error instanceof EvaluationProblem) return [new ExpressionProblem(`invalid ${name} argument`, argument.at)];
    throw error;
  }
}

interface Typed {
  readonly types: CheckedExpression["types"];
  readonly optional: ReadonlySet<number> | undefined;
}

/** Problems with the parts that are of another type than the first one. */
function otherTypes(parts: readonly Expression[], { types, optional }: Typed): readonly ExpressionProblem[] {
  const typeOf = (part: Expression, index: number): CelType => {
    const type = types.get(part.id) ?? { kind: "dyn" };
    return optional?.has(index) === true && type.kind === "optional" ? type.value : type;
  };
  const [first] = parts;
  if (first === undefined) return [];
  const wanted = typeOf(first, 0);
  return parts.flatMap((part, index) => {
    const type = typeOf(part, index);
    if (isSameType(type, wanted)) return [];
    return [new ExpressionProblem(`expected type '${typeText(wanted)}' but found '${typeText(type)}'`, part.at)];
  });
}
