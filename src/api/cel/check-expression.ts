import { assignable, type Bindings, isSameType, substituted } from "./assignability.ts";
import { type Expression, ExpressionProblem, type Fold, throwProblems } from "./expression.ts";
import { declaredName } from "./field-name.ts";
import { library } from "./functions/library.ts";
import type { Overload } from "./functions/overload.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DYN,
  INT,
  listOf,
  mapType,
  NULL,
  optionalOf,
  param,
  STRING,
  typeText,
  UINT,
} from "./type.ts";
import { TYPE_IDENTIFIERS } from "./type-identifiers.ts";
import { type CelValue, Uint } from "./value.ts";

/** An expression whose types are known. */
export interface CheckedExpression {
  readonly root: Expression;
  /** Types of its parts, by their numbers. */
  readonly types: ReadonlyMap<number, CelType>;
  /** The meanings that its calls may have. More than one only where a type is not known before evaluation. */
  readonly overloads: ReadonlyMap<number, readonly Overload[]>;
  /** Variables that it reads. */
  readonly variables: ReadonlySet<string>;
}

/**
 * Finds the type of every part of an expression.
 *
 * @param variables - Types of the variables by name.
 * @throws {ExpressionProblem} in cel-go's words, for the parts without a type.
 * Source: checker/checker.go of cel-go.
 */
export function checkExpression(root: Expression, variables: ReadonlyMap<string, CelType>): CheckedExpression {
  const checker = new Checker(variables);
  checker.type(root);
  throwProblems(checker.problems);
  const types = new Map([...checker.types].map(([id, type]) => [id, substituted(type, checker.bindings, DYN)]));
  return { root, types, overloads: checker.overloads, variables: checker.used };
}

class Checker {
  readonly problems: ExpressionProblem[] = [];
  readonly types = new Map<number, CelType>();
  readonly overloads = new Map<number, readonly Overload[]>();
  readonly used = new Set<string>();
  readonly bindings: Bindings = new Map();
  readonly #variables: ReadonlyMap<string, CelType>;
  /** Names that folds declare, the innermost last. */
  readonly #scopes: (readonly [name: string, type: CelType])[] = [];
  /** Parts without a type, by their numbers. */
  readonly #failed = new Set<number>();
  #lastParam = 0;

  constructor(variables: ReadonlyMap<string, CelType>) {
    this.#variables = variables;
  }

  type(expression: Expression): CelType {
    const type = this.#typeOf(expression);
    this.types.set(expression.id, type);
    return type;
  }

  #typeOf(expression: Expression): CelType {
    switch (expression.kind) {
      case "literal":
        return literalType(expression.value);
      case "ident":
        return this.#identifier(expression);
      case "select":
        return this.#select(expression);
      case "call":
        return this.#call(expression);
      case "list":
        return listOf(this.#joined(expression.items, expression.optional));
      case "map":
        return mapType(
          this.#joined(expression.entries.map(([key]) => key)),
          this.#joined(
            expression.entries.map(([, value]) => value),
            expression.optional,
          ),
        );
      case "fold":
        return this.#fold(expression);
    }
  }

  #fresh(): CelType {
    this.#lastParam++;
    return param(`_var${this.#lastParam}`);
  }

  /** Notes a problem. What has no type is taken for everything, so that one problem is named once. */
  #fail({ id, at }: Expression, message: string): CelType {
    this.problems.push(new ExpressionProblem(message, at));
    this.#failed.add(id);
    return DYN;
  }

  #identifier(ident: Extract<Expression, { kind: "ident" }>): CelType {
    const { name } = ident;
    const local = this.#scopes.findLast(([declared]) => declared === name);
    if (local !== undefined) return local[1];
    const variable = this.#variables.get(name);
    if (variable !== undefined) {
      this.used.add(name);
      return variable;
    }
    const type = TYPE_IDENTIFIERS.get(name);
    return type === undefined ? this.#fail(ident, undeclared(name)) : { kind: "type", of: type };
  }

  #select(select: Extract<Expression, { kind: "select" }>): CelType {
    const { operand, field, isTest } = select;
    const type = this.#known(this.type(operand));
    if (type.kind === "optional") {
      const inner = this.#field(this.#known(type.value), field, select);
      return isTest ? BOOL : optionalOf(inner);
    }
    const found = this.#field(type, field, select);
    return isTest ? BOOL : found;
  }

  #field(type: CelType, field: string, part: Expression): CelType {
    if (type.kind === "map") return type.values;
    if (type.kind === "object") {
      return type.fields.get(declaredName(type.fields, field)) ?? this.#fail(part, `undefined field '${field}'`);
    }
    if (type.kind === "param") {
      assignable(type, DYN, this.bindings);
      return DYN;
    }
    if (type.kind === "dyn") return DYN;
    return this.#fail(part, `type '${typeText(type)}' does not support field selection`);
  }

  #known(type: CelType): CelType {
    return substituted(type, this.bindings);
  }

  /** The type of all items of a literal. */
  #joined(items: readonly Expression[], optional: ReadonlySet<number> = NONE): CelType {
    let joined: CelType | undefined;
    for (const [index, item] of items.entries()) {
      const type = optional.has(index) ? this.#optionalItem(item) : this.type(item);
      if (joined === undefined) joined = type;
      else if (!assignable(type, joined, this.bindings) || this.#known(type).kind === "dyn") joined = DYN;
    }
    return joined ?? this.#fresh();
  }

  #optionalItem(item: Expression): CelType {
    const type = this.#known(this.type(item));
    if (type.kind === "optional") return type.value;
    if (type.kind === "dyn") return DYN;
    const shown = typeText(type);
    return this.#fail(item, `expected type 'optional_type(${shown})' but found '${shown}'`);
  }

  #call(call: Extract<Expression, { kind: "call" }>): CelType {
    const { name, target, args } = call;
    if (name === "_?._") return this.#optionalField(call);
    const candidates = library.get(name);
    const given = [...(target === undefined ? [] : [target]), ...args];
    if (name === "_&&_" || name === "_||_") return this.#junction(call);
    const types = given.map((argument) => this.type(argument));
    if (candidates === undefined) {
      if (given.some(({ id }) => this.#failed.has(id))) return this.#withoutType(call);
      return this.#fail(call, undeclared(name));
    }
    const isMember = target !== undefined;
    let result: CelType | undefined;
    const matching = candidates.filter((overload) => {
      if (overload.isMember !== isMember || overload.args.length !== types.length) return false;
      const found = this.#matched(overload, types);
      if (found === undefined) return false;
      const isOther = result !== undefined && result.kind !== "dyn" && !isSameType(result, found);
      result = isOther ? DYN : (result ?? found);
      return true;
    });
    if (result === undefined) {
      const shown = appliedTo(
        types.map((type) => this.#known(type)),
        isMember,
      );
      return this.#fail(call, `found no matching overload for '${name}' applied to '${shown}'`);
    }
    this.overloads.set(call.id, matching);
    return result;
  }

  #junction(junction: Extract<Expression, { kind: "call" }>): CelType {
    for (const operand of junction.args) this.#expect(operand, BOOL);
    this.overloads.set(junction.id, library.get(junction.name) ?? []);
    return BOOL;
  }

  #withoutType({ id }: Expression): CelType {
    this.#failed.add(id);
    return DYN;
  }

  /** The result of an overload; `undefined` where it does not take the arguments. */
  #matched({ args, result }: Overload, types: readonly CelType[]): CelType | undefined {
    const own = new Map<string, CelType>();
    const renamed = (type: CelType) => renamedParams(type, own, () => this.#fresh());
    const before = new Map(this.bindings);
    const fits = args.every((wanted, index) => assignable(types[index] ?? DYN, renamed(wanted), this.bindings));
    if (fits) return this.#known(renamed(result));
    this.bindings.clear();
    for (const [name, type] of before) this.bindings.set(name, type);
    return undefined;
  }

  #optionalField(call: Extract<Expression, { kind: "call" }>): CelType {
    const { args, id } = call;
    const [operand, field] = args;
    if (operand === undefined || field?.kind !== "literal" || typeof field.value !== "string") {
      return this.#fail(call, "unsupported optional field selection");
    }
    this.types.set(field.id, STRING);
    this.overloads.set(id, []);
    const type = this.#known(this.type(operand));
    const found = this.#field(type.kind === "optional" ? this.#known(type.value) : type, field.value, call);
    return found.kind === "optional" ? found : optionalOf(found);
  }

  #fold({ range, iterVar, iterVar2, accuVar, init, condition, step, result }: Fold): CelType {
    const accuType = this.type(init);
    const { first, second } = this.#iterated(range, iterVar2 !== undefined);
    this.#scopes.push([accuVar, accuType], [iterVar, first]);
    if (iterVar2 !== undefined) this.#scopes.push([iterVar2, second]);
    this.#expect(condition, BOOL);
    this.#expect(step, accuType);
    this.#scopes.length -= iterVar2 === undefined ? 2 : 3;
    this.#scopes.push([accuVar, accuType]);
    const type = this.type(result);
    this.#scopes.pop();
    return this.#known(type);
  }

  #expect(expression: Expression, wanted: CelType): void {
    const type = this.type(expression);
    if (assignable(type, wanted, this.bindings)) return;
    const [shown, found] = [typeText(this.#known(wanted)), typeText(this.#known(type))];
    this.#fail(expression, `expected type '${shown}' but found '${found}'`);
  }

  #iterated(range: Expression, hasTwo: boolean): { readonly first: CelType; readonly second: CelType } {
    const type = this.#known(this.type(range));
    switch (type.kind) {
      case "list":
        return hasTwo ? { first: INT, second: type.items } : { first: type.items, second: DYN };
      case "map":
        return { first: type.keys, second: type.values };
      case "dyn":
        return { first: DYN, second: DYN };
      case "param":
        assignable(type, DYN, this.bindings);
        return { first: DYN, second: DYN };
      default: {
        const shown = typeText(type);
        this.#fail(
          range,
          `expression of type '${shown}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return { first: DYN, second: DYN };
      }
    }
  }
}

const NONE: ReadonlySet<number> = new Set();

function undeclared(name: string): string {
  return `undeclared reference to '${name}' (in container '')`;
}

function literalType(value: CelValue): CelType {
  if (value === null) return NULL;
  if (typeof value === "bigint") return INT;
  if (typeof value === "number") return DOUBLE;
  if (typeof value === "string") return STRING;
  if (typeof value === "boolean") return BOOL;
  return value instanceof Uint ? UINT : BYTES;
}

function appliedTo(types: readonly CelType[], isMember: boolean): string {
  const shown = types.map(typeText);
  return isMember ? `${shown[0]}.(${shown.slice(1).join(", ")})` : `(${shown.join(", ")})`;
}

/** The type with parameters of its own for this call. */
function renamedParams(type: CelType, own: Map<string, CelType>, fresh: () => CelType): CelType {
  const inner = (one: CelType) => renamedParams(one, own, fresh);
  switch (type.kind) {
    case "param": {
      const known = own.get(type.name) ?? fresh();
      own.set(type.name, known);
      return known;
    }
    case "list":
      return listOf(inner(type.items));
    case "map":
      return mapType(inner(type.keys), inner(type.values));
    case "optional":
      return optionalOf(inner(type.value));
    case "type":
      return { kind: "type", of: inner(type.of) };
    default:
      return type;
  }
}
