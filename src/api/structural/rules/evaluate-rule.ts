import { Budget, CostExceeded } from "../../cel/budget.ts";
import { evaluate } from "../../cel/evaluate.ts";
import { EvaluationProblem } from "../../cel/evaluation-problem.ts";
import { type CelValue, Optional } from "../../cel/value.ts";
import type { ValidationRule } from "../json-schema.ts";
import type { CompiledRule, Program } from "./compile-rule.ts";

/** What one expression may cost. Source: k8s.io/apiserver/pkg/apis/cel/config.go. */
const CALL_COST_MAX = 1_000_000;
/** Longest message of an expression, in bytes. */
const MESSAGE_MAX = 5 * 1024;

/** A value and the one before it, as rules see them. */
export interface RuleValues {
  readonly self: CelValue;
  /** Absent for a value that replaces none. */
  readonly oldSelf?: CelValue | undefined;
}

/** The outcome of a rule. */
export interface RuleOutcome {
  readonly cost: number;
  /** Whether no more rules may be evaluated. */
  readonly isLast?: boolean;
  /** Why there is no result. */
  readonly error?: string;
  /** What to say about a value that does not fulfil the rule. */
  readonly failure?: string;
}

/** Message when the rules of an object exceed their cost limit. */
export const OUT_OF_BUDGET =
  "validation failed due to running out of cost budget, no further validation rules will be run";

/**
 * Evaluates a rule.
 *
 * @param left - What may still be spent on the object.
 * Source: `validateExpressions` of upstream's pkg/apiserver/schema/cel/validation.go.
 */
export function evaluateRule({ rule, program, message }: CompiledRule, values: RuleValues, left: number): RuleOutcome {
  if (program === undefined) return { cost: 0 };
  const variables = variablesOf(rule, values);
  const { cost, value, problem } = run(program, variables);
  if (cost > left) return { cost, isLast: true, error: OUT_OF_BUDGET };
  if (problem instanceof CostExceeded) {
    const detail = `no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(rule)}`;
    return { cost, isLast: true, error: `'${problem.message}': ${detail}` };
  }
  if (problem !== undefined) return { cost, error: problemText(problem, rule) };
  if (value === true) return { cost };
  const shown = message === undefined ? undefined : evaluatedMessage(message, { rule, values, left: left - cost });
  if (shown === undefined) return { cost, failure: defaultMessage(rule) };
  return {
    ...shown,
    cost: cost + shown.cost,
    ...(shown.error === undefined && { failure: shown.text ?? defaultMessage(rule) }),
  };
}

function variablesOf(
  { optionalOldSelf }: ValidationRule,
  { self, oldSelf }: RuleValues,
): ReadonlyMap<string, CelValue> {
  const variables = new Map([["self", self]]);
  if (optionalOldSelf === true) variables.set("oldSelf", new Optional(oldSelf));
  else if (oldSelf !== undefined) variables.set("oldSelf", oldSelf);
  return variables;
}

interface Run {
  readonly cost: number;
  readonly value?: CelValue;
  readonly problem?: EvaluationProblem | CostExceeded;
}

function run({ expression }: Program, variables: ReadonlyMap<string, CelValue>): Run {
  const budget = new Budget(CALL_COST_MAX);
  try {
    const value = evaluate(expression, variables, budget);
    return { cost: budget.spent, value };
  } catch (problem) {
    if (problem instanceof EvaluationProblem || problem instanceof CostExceeded) return { cost: budget.spent, problem };
    throw problem;
  }
}

function problemText({ message }: EvaluationProblem, rule: ValidationRule): string {
  if (!message.startsWith("no such overload")) return `${message} evaluating rule: ${ruleText(rule)}`;
  const reason = "call arguments did not match a supported operator, function or macro signature for rule";
  return `'${message}': ${reason}: ${ruleText(rule)}`;
}

/** How a rule is named in messages. */
function ruleText({ rule, message = "" }: ValidationRule): string {
  return (message === "" ? rule : message).trim();
}

function defaultMessage(rule: ValidationRule): string {
  const { message = "" } = rule;
  return message === "" ? `failed rule: ${ruleText(rule)}` : message.trim();
}

interface EvaluatedMessage {
  readonly cost: number;
  readonly isLast?: boolean;
  readonly error?: string;
  /** Absent where the expression gave no usable text. */
  readonly text?: string;
}

interface MessageParts {
  readonly rule: ValidationRule;
  readonly values: RuleValues;
  readonly left: number;
}

/** Evaluates the message as upstream: with an `oldSelf` that is not optional, even if the rule's is. */
function evaluatedMessage(program: Program, { rule, values, left }: MessageParts): EvaluatedMessage {
  const { messageExpression = "" } = rule;
  const { cost, value, problem } = run(program, variablesOf({ ...rule, optionalOldSelf: false }, values));
  if (cost > left) {
    const error =
      "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run";
    return { cost, isLast: true, error };
  }
  if (problem instanceof CostExceeded) {
    const detail = "no further validation rules will be run due to call cost exceeds limit for messageExpression";
    return { cost, isLast: true, error: `${detail}: ${JSON.stringify(messageExpression)}` };
  }
  const text = typeof value === "string" ? value.trim() : "";
  const isUsable = text !== "" && !text.includes("\n") && Buffer.byteLength(text) <= MESSAGE_MAX;
  return isUsable ? { cost, text } : { cost };
}
