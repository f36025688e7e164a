import type { FieldError } from "../../../field-error.ts";
import { invalid, notSupported, required } from "../../../field-error.ts";
import { fieldAt } from "../../../structural/field-at.ts";
import type { ValidationRule } from "../../../structural/json-schema.ts";
import { type DeclaredJsonSchema, isStructurallyWritten } from "./declared-json-schema.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** Returns what is wrong with the rules of a schema, besides their expressions. */
export function ruleProblems(schema: DeclaredJsonSchema, at: string): readonly FieldError[] {
  const { "x-kubernetes-validations": rules = [] } = schema;
  return rules.flatMap((rule, index) => {
    const path = `${at}.x-kubernetes-validations[${index}]`;
    const { messageExpression = "", reason } = rule;
    return [
      ...textProblems(rule, path),
      ...(messageExpression !== "" && messageExpression.trim() === ""
        ? [required(`${path}.messageExpression`, "messageExpression must be non-empty if specified")]
        : []),
      ...(reason === undefined || REASONS.includes(reason) ? [] : [notSupported(`${path}.reason`, reason, REASONS)]),
      ...fieldPathProblems(schema, rule, `${path}.fieldPath`),
    ];
  });
}

/** The first thing that is wrong with the rule and its message. */
function textProblems({ rule, message = "" }: ValidationRule, path: string): readonly FieldError[] {
  const trimmed = message.trim();
  if (rule.trim() === "") return [required(`${path}.rule`, "rule is not specified")];
  if (message !== "" && trimmed === "") {
    return [invalid(`${path}.message`, message, "must be non-empty if specified")];
  }
  if (hasLineBreaks(trimmed)) return [invalid(`${path}.message`, message, "must not contain line breaks")];
  return hasLineBreaks(rule.trim()) && trimmed === ""
    ? [required(`${path}.message`, "message must be specified if rule contains line breaks")]
    : [];
}

function fieldPathProblems(
  schema: DeclaredJsonSchema,
  { fieldPath = "" }: ValidationRule,
  path: string,
): readonly FieldError[] {
  if (fieldPath === "") return [];
  const leads = !isStructurallyWritten(schema) || !("error" in fieldAt(schema, fieldPath));
  return [
    ...(fieldPath.trim() === "" ? [invalid(path, fieldPath, "must be non-empty if specified")] : []),
    ...(hasLineBreaks(fieldPath) ? [invalid(path, fieldPath, "must not contain line breaks")] : []),
    ...(leads ? [] : [invalid(path, fieldPath, "must be a valid path")]),
  ];
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}
