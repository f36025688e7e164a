import type { CelValue } from "./value.ts";

/**
 * An expression of the Common Expression Language, its macros expanded, with operators as calls of functions by cel-go's names:
 * `_+_`, `_?_:_`.
 *
 * Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export type Expression = Located &
  (
    | { readonly kind: "literal"; readonly value: CelValue }
    | { readonly kind: "ident"; readonly name: string }
    | {
        readonly kind: "select";
        readonly operand: Expression;
        readonly field: string;
        /** `has(x.y)`: asks whether the field is there. */
        readonly isTest: boolean;
      }
    | {
        readonly kind: "call";
        readonly name: string;
        /** What a member function is called on. */
        readonly target?: Expression;
        readonly args: readonly Expression[];
      }
    | {
        readonly kind: "list";
        readonly items: readonly Expression[];
        /** Places of items that are left out where they are absent: `[?x]`. */
        readonly optional?: ReadonlySet<number>;
      }
    | {
        readonly kind: "map";
        readonly entries: readonly (readonly [key: Expression, value: Expression])[];
        /** Places of entries that are left out where their value is absent: `{?"k": x}`. */
        readonly optional?: ReadonlySet<number>;
      }
    | Fold
  );

interface Located {
  /** Unique in its expression. */
  readonly id: number;
  /** Offset in the text, in UTF-16 units. */
  readonly at: number;
}

/** Goes through a list, or the keys of a map, and computes a result on the way. */
export interface Fold extends Located {
  readonly kind: "fold";
  readonly range: Expression;
  /** Name of the item; of the index or key where there is a second one. */
  readonly iterVar: string;
  /** Name of the value, for folds with two names. */
  readonly iterVar2?: string;
  readonly accuVar: string;
  readonly init: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/** Name of what a macro computes. No variable has it. */
export const ACCUMULATOR = "@result";

/** What is wrong with an expression, and where in its text. */
export class ExpressionProblem extends Error {
  override readonly name = "ExpressionProblem";
  /** Below zero: no place is to blame. */
  readonly at: number;
  /** What else is wrong. */
  readonly more: readonly ExpressionProblem[];

  constructor(message: string, at: number, more: readonly ExpressionProblem[] = []) {
    super(message);
    this.at = at;
    this.more = more;
  }
}

/** @throws {ExpressionProblem} the problems, if there are any. */
export function throwProblems([first, ...more]: readonly ExpressionProblem[]): void {
  if (first !== undefined) throw new ExpressionProblem(first.message, first.at, more);
}
