import { isSameType } from "./assignability.ts";
import type { CheckedExpression } from "./check-expression.ts";
import { EvaluationProblem } from "./evaluation-problem.ts";
import { type Expression, ExpressionProblem, throwProblems } from "./expression.ts";
import { partsOf } from "./expression-parts.ts";
import { type FormatClause, formatParts, verbTakes, wrongFormatArgument } from "./functions/format-clauses.ts";
import { patternOf } from "./functions/pattern-cache.ts";

import { type CelType, typeText } from "./type.ts";
import { TYPE_NAMES } from "./value.ts";

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
  if (expression.kind === "call") {
    return [...argumentProblems(expression, checked), ...formatProblems(expression, checked.types)];
  }
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

/** What is wrong with a call of `format` whose text and list are literals. The first problem is named. */
function formatProblems(
  { name, target, args: [list], at }: Extract<Expression, { kind: "call" }>,
  types: CheckedExpression["types"],
): readonly ExpressionProblem[] {
  if (name !== "format" || target?.kind !== "literal" || list?.kind !== "list") return [];
  const { items } = list;
  try {
    const clauses = formatParts(String(target.value), items.length).filter((part) => typeof part !== "string");
    for (const [index, clause] of clauses.entries()) {
      const wrong = items[index] === undefined ? undefined : wrongArgument(clause, items[index], types);
      if (wrong !== undefined) return [wrong];
    }
    if (items.length === clauses.length) return [];
    const counts = `(expected ${clauses.length}, got ${items.length})`;
    return [new ExpressionProblem(`too many arguments supplied to string.format ${counts}`, at)];
  } catch (error) {
    if (error instanceof EvaluationProblem) return [new ExpressionProblem(error.message, at)];
    throw error;
  }
}

/** Lists and maps are looked through where they are literals. */
function wrongArgument(
  clause: FormatClause,
  argument: Expression,
  types: CheckedExpression["types"],
): ExpressionProblem | undefined {
  const type = types.get(argument.id) ?? { kind: "dyn" };
  if (!verbTakes(clause, type.kind)) {
    const name = TYPE_NAMES[type.kind] ?? typeText(type);
    return new ExpressionProblem(wrongFormatArgument(clause, name), argument.at);
  }
  const inner = argument.kind === "list" || argument.kind === "map" ? partsOf(argument) : [];
  return inner.map((part) => wrongArgument(clause, part, types)).find((problem) => problem !== undefined);
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
