import type { Expression } from "./expression.ts";

/** Returns the expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "ident":
      return [];
    case "select":
      return [expression.operand];
    case "call":
      return expression.target === undefined ? expression.args : [expression.target, ...expression.args];
    case "list":
      return expression.items;
    case "map":
      return expression.entries.flat();
    case "fold": {
      const { range, init, condition, step, result } = expression;
      return [range, init, condition, step, result];
    }
  }
}
