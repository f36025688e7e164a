import type { Expression } from "./expression.ts";

const ATTRIBUTE_CALLS: ReadonlySet<string> = new Set(["_?_:_", "_[_]", "_[?_]", "_?._"]);

/** Whether an expression is a name, or what is read from another one: what cel-go calls an attribute. */
export function isAttribute(expression: Expression): boolean {
  const { kind } = expression;
  return kind === "ident" || kind === "select" || (kind === "call" && ATTRIBUTE_CALLS.has(expression.name));
}

/** Whether what an attribute is read from is a choice. */
export function startsWithCondition(attribute: Expression): boolean {
  if (attribute.kind === "select") return startsWithCondition(attribute.operand);
  if (attribute.kind !== "call") return false;
  const [first] = attribute.args;
  return attribute.name === "_?_:_" || (isAttribute(attribute) && first !== undefined && startsWithCondition(first));
}
