import { type CelValue, typeNameOf } from "./value.ts";

/** An expression has no value: `no such key: a`, `division by zero`. In cel-go's words. */
export class EvaluationProblem extends Error {
  override readonly name = "EvaluationProblem";
}

/**
 * No meaning of a function or an operator takes these arguments.
 *
 * @param name - Of a function; operators are not named.
 */
export function noSuchOverload(name = "", args: readonly CelValue[] = []): EvaluationProblem {
  const called = `${name}(${args.map(typeNameOf).join(", ")})`;
  return new EvaluationProblem(name === "" ? "no such overload" : `no such overload: ${called}`);
}
