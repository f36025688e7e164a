import type { CelType } from "../type.ts";
import type { CelValue } from "../value.ts";

/** One meaning of a function. */
export interface Overload {
  /** cel-go's name of it, the key of its cost: `matches_string`. */
  readonly id: string;
  /** Whether the first argument stands before the name: `text.matches(pattern)`. */
  readonly isMember: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  /**
   * Gets values of the types of {@link args}.
   *
   * @throws {EvaluationProblem} where the function has no value.
   */
  readonly call: (args: readonly CelValue[]) => CelValue;
}

/** Functions by name. */
export type FunctionTable = ReadonlyMap<string, readonly Overload[]>;

type Call = Overload["call"];

/** A function. The values that `call` gets are of the types that are declared, which the compiler does not know. */
export function fn(
  id: string,
  args: readonly CelType[],
  result: CelType,
  call: (...args: never[]) => CelValue,
): Overload {
  return { id, isMember: false, args, result, call: spread(call) };
}

/** A member function: the first argument stands before its name. */
export function member(
  id: string,
  args: readonly CelType[],
  result: CelType,
  call: (...args: never[]) => CelValue,
): Overload {
  return { id, isMember: true, args, result, call: spread(call) };
}

function spread(call: (...args: never[]) => CelValue): Call {
  return (args) => call(...(args as never[]));
}

/** Joins tables. Overloads of one name are joined in their order. */
export function joinTables(...tables: readonly (readonly (readonly [string, readonly Overload[]])[])[]): FunctionTable {
  const joined = new Map<string, readonly Overload[]>();
  for (const [name, overloads] of tables.flat()) joined.set(name, [...(joined.get(name) ?? []), ...overloads]);
  return joined;
}
