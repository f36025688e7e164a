import { Builder } from "./builder.ts";
import { type Expression, ExpressionProblem } from "./expression.ts";
import { partsOf } from "./expression-parts.ts";
import { isReservedWord } from "./field-name.ts";
import { library } from "./functions/library.ts";
import { literalValue } from "./literal-value.ts";
import { expandMacro } from "./macros.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { TYPE_IDENTIFIERS } from "./type-identifiers.ts";

/** Longer texts are refused, as by cel-go. In code points. */
const TEXT_MAX = 100_000;
/** Deeper expressions are refused, as by cel-go. Chains of `&&` and `||` are balanced and seldom deep. */
const DEPTH_MAX = 251;

/** Most parts of an expression. Some macros repeat what they are called on, so that nested ones double with each. */
const PARTS_MAX = 1_000_000;

const OPERAND =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Operators of two operands, the weakest first. Those of a level are applied from left to right. */
const LEVELS: readonly (readonly string[])[] = [
  ["<", "<=", ">=", ">", "==", "!=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];

/**
 * Parses an expression and expands its macros.
 *
 * @throws {ExpressionProblem} for a text that is none.
 * Source: parser/gen/CEL.g4 of cel-go.
 */
export function parseExpression(text: string): Expression {
  if (text.length > TEXT_MAX && [...text].length > TEXT_MAX) {
    throw new ExpressionProblem(`expression code point size exceeds limit: size: ${text.length}, limit ${TEXT_MAX}`, 0);
  }
  return new Parser(tokensOf(text)).whole();
}

interface Measure {
  readonly depth: number;
  /** How many expressions it is made of. */
  readonly parts: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #build = new Builder();
  readonly #measures = new Map<number, Measure>();
  #next = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#token.kind !== "end") this.#fail("<EOF>");
    return expression;
  }

  get #token(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new Error("read beyond the end of an expression");
    return token;
  }

  #fail(expected: string): never {
    const { text, at } = this.#token;
    throw new ExpressionProblem(`Syntax error: mismatched input '${text}' expecting ${expected}`, at);
  }

  #isAt(sign: string): boolean {
    const { kind, text } = this.#token;
    return text === sign && (kind === "sign" || kind === "word");
  }

  #takes(sign: string): boolean {
    const isThere = this.#isAt(sign);
    if (isThere) this.#next++;
    return isThere;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) this.#fail(`'${sign}'`);
  }

  /** An expression that was read. */
  #read(expression: Expression): Expression {
    const { depth, parts } = this.#measured(expression);
    if (depth > DEPTH_MAX) this.#failTooDeep();
    if (parts > PARTS_MAX) throw new ExpressionProblem("the expression is too large", expression.at);
    return expression;
  }

  /** What a macro made counts as deep as what it is made of. */
  #measured(expression: Expression): Measure {
    const known = this.#measures.get(expression.id);
    if (known !== undefined) return known;
    const inner = partsOf(expression).map((part) => this.#measured(part));
    const measure = {
      depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
      parts: inner.reduce((sum, { parts }) => sum + parts, 1),
    };
    this.#measures.set(expression.id, measure);
    return measure;
  }

  #failTooDeep(): never {
    throw new ExpressionProblem("max recursion depth exceeded", -1);
  }

  #expression(): Expression {
    this.#nesting++;
    if (this.#nesting > DEPTH_MAX) this.#failTooDeep();
    const condition = this.#junction("||");
    const { at } = this.#token;
    let expression = condition;
    if (this.#takes("?")) {
      const truthy = this.#junction("||");
      this.#expect(":");
      expression = this.#read(this.#build.call("_?_:_", at, [condition, truthy, this.#expression()]));
    }
    this.#nesting--;
    return expression;
  }

  #junction(sign: "||" | "&&"): Expression {
    const operand = () => (sign === "||" ? this.#junction("&&") : this.#binary(0));
    const operands = [operand()];
    const places: number[] = [];
    for (let { at } = this.#token; this.#takes(sign); { at } = this.#token) {
      places.push(at);
      operands.push(operand());
    }
    return this.#balanced(sign, operands, places);
  }

  #balanced(sign: string, operands: readonly Expression[], places: readonly number[]): Expression {
    const [only] = operands;
    if (only === undefined) throw new Error("a junction without operands");
    if (operands.length === 1) return only;
    const middle = Math.ceil(operands.length / 2);
    const left = this.#balanced(sign, operands.slice(0, middle), places.slice(0, middle - 1));
    const right = this.#balanced(sign, operands.slice(middle), places.slice(middle));
    return this.#read(this.#build.call(`_${sign}_`, places[middle - 1] ?? 0, [left, right]));
  }

  #binary(level: number): Expression {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (
      let sign = signs.find((one) => this.#isAt(one));
      sign !== undefined;
      sign = signs.find((one) => this.#isAt(one))
    ) {
      const { at } = this.#token;
      this.#next++;
      const right = this.#binary(level + 1);
      left = this.#read(this.#build.call(sign === "in" ? "@in" : `_${sign}_`, at, [left, right]));
    }
    return left;
  }

  #unary(): Expression {
    const { at } = this.#token;
    const sign = this.#isAt("!") ? "!" : "-";
    let count = 0;
    while (this.#isAt(sign) && !(count === 0 && this.#isNegativeNumber())) {
      this.#next++;
      count++;
    }
    const operand = this.#member();
    // Two signs cancel each other.
    return count % 2 === 0 ? operand : this.#read(this.#build.call(`${sign}_`, at, [operand]));
  }

  #isNegativeNumber(): boolean {
    const { kind } = this.#tokens[this.#next + 1] ?? { kind: "end" };
    return this.#isAt("-") && (kind === "int" || kind === "double");
  }

  #member(): Expression {
    let operand = this.#primary();
    for (;;) {
      const { at } = this.#token;
      if (this.#takes(".")) operand = this.#field(operand, at);
      else if (this.#takes("[")) {
        const name = this.#takes("?") ? "_[?_]" : "_[_]";
        const index = this.#expression();
        this.#expect("]");
        operand = this.#read(this.#build.call(name, at, [operand, index]));
      } else if (this.#isAt("{") && qualifiedName(operand) !== undefined) {
        // Kubernetes has no messages that an expression could make.
        throw new ExpressionProblem(`undeclared reference to '${qualifiedName(operand)}' (in container '')`, at);
      } else return operand;
    }
  }

  #field(operand: Expression, at: number): Expression {
    const isOptional = this.#takes("?");
    const { kind, text: name } = this.#token;
    if (kind !== "identifier") this.#fail("IDENTIFIER");
    this.#next++;
    const open = this.#token.at;
    if (isOptional) return this.#read(this.#build.call("_?._", at, [operand, this.#build.literal(name, at)]));
    if (this.#takes("(")) return this.#memberCall(operand, name, open);
    const qualified = qualifiedName(operand);
    if (qualified !== undefined && TYPE_IDENTIFIERS.has(`${qualified}.${name}`)) {
      return this.#read(this.#build.ident(`${qualified}.${name}`, at));
    }
    return this.#read({ id: this.#build.id(), at, kind: "select", operand, field: name, isTest: false });
  }

  /** `optional.of(x)` is a function of that name, `x.size()` one of a value. */
  #memberCall(operand: Expression, name: string, at: number): Expression {
    const args = this.#arguments();
    const qualified = qualifiedName(operand);
    const isFunction = qualified !== undefined && library.has(`${qualified}.${name}`);
    return isFunction
      ? this.#applied(`${qualified}.${name}`, { at, target: undefined, args })
      : this.#applied(name, { at, target: operand, args });
  }

  #applied(
    name: string,
    call: { readonly at: number; readonly target: Expression | undefined; readonly args: readonly Expression[] },
  ): Expression {
    const macro = expandMacro(this.#build, name, call);
    return this.#read(macro ?? this.#build.call(name, call.at, call.args, call.target));
  }

  #arguments(): readonly Expression[] {
    const args: Expression[] = [];
    if (this.#takes(")")) return args;
    do args.push(this.#expression());
    while (this.#takes(","));
    this.#expect(")");
    return args;
  }

  #primary(): Expression {
    const { at } = this.#token;
    if (this.#takes("(")) {
      const expression = this.#expression();
      this.#expect(")");
      return expression;
    }
    if (this.#takes("[")) return this.#list(at);
    if (this.#takes("{")) return this.#map(at);
    const isRooted = this.#takes(".");
    const token = this.#token;
    if (token.kind === "identifier") return this.#name(token);
    return isRooted ? this.#fail("IDENTIFIER") : this.#literal();
  }

  #name({ text, at }: Token): Expression {
    this.#next++;
    if (isReservedWord(text)) throw new ExpressionProblem(`reserved identifier: ${text}`, at);
    const open = this.#token.at;
    if (this.#takes("(")) return this.#applied(text, { at: open, target: undefined, args: this.#arguments() });
    return this.#read(this.#build.ident(text, at));
  }

  #literal(): Expression {
    const { at } = this.#token;
    const isNegative = this.#isNegativeNumber() && this.#takes("-");
    const token = this.#token;
    const isValue = ["int", "uint", "double", "string", "bytes"].includes(token.kind);
    const word = token.kind === "word" && token.text !== "in" ? WORD_VALUES[token.text] : undefined;
    if (!isValue && word === undefined) this.#fail(OPERAND);
    this.#next++;
    return this.#read(this.#build.literal(word === undefined ? literalValue(token, isNegative) : word.value, at));
  }

  #list(at: number): Expression {
    const items: Expression[] = [];
    const optional = new Set<number>();
    while (!this.#takes("]")) {
      if (this.#takes("?")) optional.add(items.length);
      items.push(this.#expression());
      if (!this.#takes(",") && !this.#isAt("]")) this.#fail("']'");
    }
    return this.#read({ id: this.#build.id(), at, kind: "list", items, ...(optional.size > 0 && { optional }) });
  }

  #map(at: number): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    const optional = new Set<number>();
    while (!this.#takes("}")) {
      if (this.#takes("?")) optional.add(entries.length);
      const key = this.#expression();
      this.#expect(":");
      entries.push([key, this.#expression()]);
      if (!this.#takes(",") && !this.#isAt("}")) this.#fail("'}'");
    }
    return this.#read({ id: this.#build.id(), at, kind: "map", entries, ...(optional.size > 0 && { optional }) });
  }
}

const WORD_VALUES: Readonly<Record<string, { readonly value: boolean | null }>> = {
  true: { value: true },
  false: { value: false },
  null: { value: null },
};

/** `a.b.c` as text; `undefined` for anything else. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === "ident") return expression.name;
  if (expression.kind !== "select" || expression.isTest) return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}
