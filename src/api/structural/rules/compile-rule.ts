import { checkExpression } from "../../cel/check-expression.ts";
import { checkLiterals } from "../../cel/check-literals.ts";
import { estimateCost } from "../../cel/estimate-cost.ts";
import { EvaluationProblem } from "../../cel/evaluation-problem.ts";
import { ExpressionProblem } from "../../cel/expression.ts";
import { parseExpression } from "../../cel/parse-expression.ts";
import { type PlannedExpression, planExpression } from "../../cel/plan-expression.ts";
import { problemText } from "../../cel/problem-text.ts";
import { type CelType, optionalOf } from "../../cel/type.ts";
import { fieldAt } from "../field-at.ts";
import type { JsonSchema, ValidationRule } from "../json-schema.ts";
import { REQUEST_MAX, type SizedType, typeAt, withNames } from "./sized-type.ts";

/** An expression that can be evaluated, and what that may cost. */
export interface Program {
  readonly expression: PlannedExpression;
  readonly maxCost: number;
}

/** A rule whose expressions were compiled. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Absent for an empty rule, or one with an error. */
  readonly program?: Program;
  readonly error?: string;
  readonly message?: Program;
  readonly messageError?: string;
  readonly usesOldSelf: boolean;
  /** Path of the field that is to blame, below the value. Empty: the value itself. */
  readonly fieldPath: string;
}

/**
 * Compiles a rule of a schema.
 *
 * Source: `Compile` of upstream's pkg/apiserver/schema/cel/compilation.go.
 */
export function compileRule(rule: ValidationRule, schema: JsonSchema, type: SizedType): CompiledRule {
  const { messageExpression = "", fieldPath = "" } = rule;
  const field = fieldPath === "" ? undefined : fieldAt(schema, fieldPath);
  const base = { rule, usesOldSelf: false, fieldPath: field === undefined || "error" in field ? "" : field.path };
  if (rule.rule.trim() === "") return base;
  const self = withNames(type);
  const oldType = rule.optionalOldSelf === true ? optionalOf(self) : self;
  const variables = new Map([
    ["self", self],
    ["oldSelf", oldType],
  ]);
  const compiled = compile(rule.rule, { variables, type, wanted: "bool" });
  if ("stage" in compiled) {
    const name = compiled.stage === "instantiation" ? "program instantiation" : compiled.stage;
    return { ...base, error: failureText(compiled, { name, wrongType: "cel expression must evaluate to a bool" }) };
  }
  const usesOldSelf = compiled.expression.variables.has("oldSelf");
  const own = { ...base, usesOldSelf, program: compiled };
  if (messageExpression === "") return own;
  const message = compile(messageExpression, { variables, type, wanted: "string" });
  if (!("stage" in message)) return { ...own, message };
  const texts = {
    name: `messageExpression ${message.stage}`,
    wrongType: "messageExpression must evaluate to a string",
  };
  return { ...own, messageError: failureText(message, texts) };
}

interface Compilation {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly type: SizedType;
  readonly wanted: CelType["kind"];
}

/** Why there is no program. */
interface Failure {
  readonly stage: "compilation" | "instantiation" | "type";
  readonly problem: string;
}

function failureText(
  { stage, problem }: Failure,
  { name, wrongType }: { readonly name: string; readonly wrongType: string },
): string {
  return stage === "type" ? wrongType : `${name} failed: ${problem}`;
}

function compile(text: string, { variables, type, wanted }: Compilation): Program | Failure {
  try {
    const checked = checkExpression(parseExpression(text), variables);
    checkLiterals(checked);
    if (checked.types.get(checked.root.id)?.kind !== wanted) return { stage: "type", problem: "" };
    const expression = planExpression(checked);
    // Both variables have the same type; an optional one has its value's size.
    const cost = estimateCost(checked, (path) => typeAt(type, path.slice(1))?.maxElements);
    return { expression, maxCost: cost.max };
  } catch (error) {
    if (error instanceof ExpressionProblem) return { stage: "compilation", problem: problemText(text, error) };
    if (error instanceof EvaluationProblem) return { stage: "instantiation", problem: error.message };
    throw error;
  }
}

/** How often a value of a type fits into a request. */
export function cardinalityOf({ minBytes }: SizedType): number {
  return Math.floor(REQUEST_MAX / (minBytes + 1));
}
