import type { Expression } from "./expression.ts";
import type { CelValue } from "./value.ts";

/** Makes expressions and gives each of them a number of its own. */
export class Builder {
  #last = 0;

  /** The next number. */
  id(): number {
    this.#last++;
    return this.#last;
  }

  literal(value: CelValue, at: number): Expression {
    return { id: this.id(), at, kind: "literal", value };
  }

  ident(name: string, at: number): Expression {
    return { id: this.id(), at, kind: "ident", name };
  }

  call(name: string, at: number, args: readonly Expression[], target?: Expression): Expression {
    const call = { id: this.id(), at, kind: "call" as const, name, args };
    return target === undefined ? call : { ...call, target };
  }

  list(items: readonly Expression[], at: number): Expression {
    return { id: this.id(), at, kind: "list", items };
  }
}
