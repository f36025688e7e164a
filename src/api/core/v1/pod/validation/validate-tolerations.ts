import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, notSupported } from "../../../../field-error.ts";
import { labelKeyProblems, labelValueProblems } from "../../../../names.ts";
import type { Toleration } from "../affinity.ts";

const OPERATORS = ["Equal", "Exists"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with the taints that a Pod says it tolerates. */
export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => validateToleration(toleration, `${path}[${index}]`));
}

function validateToleration(toleration: Toleration, path: string): FieldError[] {
  const { key = "", operator = "", effect = "", tolerationSeconds } = toleration;
  const everything = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  return [
    ...(key === "" ? [] : invalidFor(`${path}.key`, key, labelKeyProblems(key))),
    ...(key === "" && operator !== "Exists" ? [invalid(`${path}.operator`, operator, everything)] : []),
    ...(tolerationSeconds !== undefined && effect !== "NoExecute"
      ? [invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...validateOperator(toleration, path),
    ...(effect === "" || EFFECTS.includes(effect) ? [] : [notSupported(`${path}.effect`, effect, EFFECTS)]),
  ];
}

function validateOperator(toleration: Toleration, path: string): FieldError[] {
  const { operator = "", value = "" } = toleration;
  switch (operator) {
    case "":
    case "Equal": {
      const problems = labelValueProblems(value);
      return problems.length === 0 ? [] : [invalid(`${path}.operator`, value, problems.join(";"))];
    }
    case "Exists":
      return value === ""
        ? []
        : [invalid(`${path}.operator`, toleration, "value must be empty when `operator` is 'Exists'")];
    default:
      return [notSupported(`${path}.operator`, operator, OPERATORS)];
  }
}
