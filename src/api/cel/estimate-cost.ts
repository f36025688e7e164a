import { LIST_COST, MAP_COST } from "./call-cost.ts";
import type { CheckedExpression } from "./check-expression.ts";
import { type CallEstimate, estimateCall, type SizedNode } from "./estimate-call.ts";
import { ACCUMULATOR, type Expression, type Fold } from "./expression.ts";
import { lengthOf } from "./functions/conversions.ts";
import { fixed, NOTHING, plus, type Range, times, UNKNOWN, union } from "./size-range.ts";
import type { CelType } from "./type.ts";

/** Returns the most elements of what a path of a variable leads to: `self`, `items`, `@items`. `undefined`: unknown. */
export type SizeAt = (path: readonly string[]) => number | undefined;

/**
 * Estimates what an evaluation may cost, by the types of what it reads.
 *
 * Source: checker/cost.go of cel-go; presence tests cost nothing, as in Kubernetes.
 */
export function estimateCost(checked: CheckedExpression, sizeAt: SizeAt): Range {
  return new Estimator(checked, sizeAt).cost(checked.root);
}

type CallExpression = Extract<Expression, { kind: "call" }>;

/** Sizes of the keys and the values of a list or a map. */
interface EntrySizes {
  readonly key: Range;
  readonly value: Range;
}

interface LocalVariable {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries: EntrySizes | undefined;
}

class Estimator {
  readonly #checked: CheckedExpression;
  readonly #sizeAt: SizeAt;
  readonly #paths = new Map<number, readonly string[]>();
  readonly #sizes = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySizes>();
  readonly #locals: (readonly [name: string, variable: LocalVariable])[] = [];

  constructor(checked: CheckedExpression, sizeAt: SizeAt) {
    this.#checked = checked;
    this.#sizeAt = sizeAt;
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case "literal":
        return NOTHING;
      case "ident":
        this.#paths.set(expression.id, this.#local(expression.name)?.path ?? [expression.name]);
        return fixed(1);
      case "select":
        return this.#selectCost(expression);
      case "call":
        return this.#callCost(expression);
      case "list": {
        const costs = expression.items.map((item) => this.cost(item));
        this.#entries.set(expression.id, { key: fixed(1), value: this.#joinedSize(expression.items) });
        return plus(...costs, fixed(LIST_COST));
      }
      case "map": {
        const costs = expression.entries.flat().map((part) => this.cost(part));
        const [keys, values] = [expression.entries.map(([key]) => key), expression.entries.map(([, value]) => value)];
        this.#entries.set(expression.id, { key: this.#joinedSize(keys), value: this.#joinedSize(values) });
        return plus(...costs, fixed(MAP_COST));
      }
      case "fold":
        return isBinding(expression) ? this.#bindingCost(expression) : this.#foldCost(expression);
    }
  }

  #joinedSize(items: readonly Expression[]): Range {
    const sizes = items.map((item) => this.#sizeOrUnknown(item));
    return sizes.length === 0 ? NOTHING : sizes.reduce(union);
  }

  #selectCost({ id, operand, field, isTest }: Extract<Expression, { kind: "select" }>): Range {
    const inner = this.cost(operand);
    if (isTest) return inner;
    this.#paths.set(id, [...this.#path(operand), field]);
    const { kind } = this.#type(operand);
    return kind === "map" || kind === "object" || kind === "param" ? plus(inner, fixed(1)) : inner;
  }

  #callCost(call: CallExpression): Range {
    const { id, name, target, args } = call;
    if (name === "dyn" && args[0] !== undefined) {
      const cost = this.cost(args[0]);
      this.#copySizes(id, args[0]);
      return plus(fixed(1), cost);
    }
    const costs = args.map((argument) => this.cost(argument));
    const targetCost = target === undefined ? NOTHING : this.cost(target);
    if (name === "_?._") return plus(...costs, fixed(1));
    const parts = { targetNode: target && this.#node(target), nodes: args.map((argument) => this.#node(argument)) };
    const overloads = this.#checked.overloads.get(id) ?? [];
    const estimates = overloads.map((overload) => this.#overloadCost(call, overload.id, { ...parts, costs }));
    if (estimates.length === 0) return NOTHING;
    const sizes = estimates.map(({ size }) => size).filter((size) => size !== undefined);
    this.#setIndexed(
      call,
      overloads.map((overload) => overload.id),
    );
    const size = sizes.length === 0 ? this.#size(call) : sizes.reduce(union);
    if (size !== undefined) this.#sizes.set(id, size);
    return plus(targetCost, estimates.map(({ cost }) => cost).reduce(union));
  }

  /** The path and the size of an item, which are those of the items of its container. */
  #setIndexed({ id, name, args: [container] }: CallExpression, overloads: readonly string[]): void {
    if (name !== "_[_]" || container === undefined) return;
    const step = overloads.includes("index_list") ? "@items" : "@values";
    this.#paths.set(id, [...this.#path(container), step]);
    const size = this.#entriesOf(container)?.value;
    if (size !== undefined) this.#sizes.set(id, size);
  }

  #overloadCost(call: CallExpression, overload: string, parts: CallParts): CallEstimate {
    const { costs, nodes, targetNode } = parts;
    const [first = NOTHING, second = NOTHING, third = NOTHING] = costs;
    switch (overload) {
      case "logical_or":
      case "logical_and":
        return { cost: { min: first.min, max: plus(first, second).max } };
      case "conditional":
        return this.#conditional(call, plus(first, union(second, third)));
      case "add_list":
      case "add_string":
      case "add_bytes":
        this.#joinEntries(call);
    }
    const itemsSize = (node: SizedNode) => this.#itemsSize(node);
    const own = estimateCall({ name: call.name, overload, target: targetNode, args: nodes, itemsSize });
    return { ...own, cost: plus(own.cost, ...costs) };
  }

  #conditional({ id, args }: CallExpression, cost: Range): CallEstimate {
    const [, truthy, falsy] = args;
    if (truthy === undefined || falsy === undefined) return { cost };
    const [left, right] = [this.#entriesOf(truthy), this.#entriesOf(falsy)];
    if (left !== undefined && right !== undefined) this.#entries.set(id, joinedEntries(left, right));
    return { cost, size: union(this.#sizeOrUnknown(truthy), this.#sizeOrUnknown(falsy)) };
  }

  #joinEntries({ id, args: [a, b] }: CallExpression): void {
    const left = a === undefined ? undefined : this.#entriesOf(a);
    const right = b === undefined ? undefined : this.#entriesOf(b);
    if (left !== undefined && right !== undefined) this.#entries.set(id, joinedEntries(left, right));
  }

  #foldCost(fold: Fold): Range {
    const { id, range, iterVar, iterVar2, accuVar, init, condition, step, result } = fold;
    const before = plus(this.cost(range), this.cost(init));
    this.#locals.push([accuVar, this.#bound(init)]);
    const steps = this.#iterated(range, iterVar2 !== undefined);
    this.#locals.push([iterVar, steps.first], ...(iterVar2 === undefined ? [] : [[iterVar2, steps.second] as const]));
    const each = plus(this.cost(condition), this.cost(step));
    this.#locals.length -= iterVar2 === undefined ? 1 : 2;
    const after = this.cost(result);
    this.#locals.pop();
    const count = this.#sizeOrUnknown(range);
    if (init.kind === "literal") {
      const size = this.#size(init);
      if (size !== undefined) this.#sizes.set(id, size);
    } else if (init.kind === "list" || init.kind === "map") {
      this.#sizes.set(id, count);
      const entries = this.#entriesOf(step);
      if (entries !== undefined) this.#entries.set(id, entries);
    }
    return plus(before, after, times(count, each));
  }

  #iterated(range: Expression, hasTwo: boolean): { readonly first: LocalVariable; readonly second: LocalVariable } {
    const entries = this.#entriesOf(range);
    const isList = this.#type(range).kind === "list";
    const path = this.#path(range);
    const local = (step: string, size: Range | undefined) => ({ path: [...path, step], size, entries: undefined });
    const keys = local(isList ? "@indices" : "@keys", entries?.key);
    const values = local(isList ? "@items" : "@values", entries?.value);
    return { first: hasTwo || !isList ? keys : values, second: values };
  }

  #bindingCost({ id, range, accuVar, init, result }: Fold): Range {
    const before = plus(this.cost(range), this.cost(init));
    this.#locals.push([accuVar, this.#bound(init)]);
    const after = this.cost(result);
    this.#locals.pop();
    this.#copySizes(id, result);
    return plus(before, after);
  }

  #bound(expression: Expression): LocalVariable {
    return { path: this.#path(expression), size: this.#size(expression), entries: this.#entriesOf(expression) };
  }

  #copySizes(id: number, from: Expression): void {
    const [size, entries] = [this.#size(from), this.#entriesOf(from)];
    if (size !== undefined) this.#sizes.set(id, size);
    if (entries !== undefined) this.#entries.set(id, entries);
  }

  #local(name: string): LocalVariable | undefined {
    return this.#locals.findLast(([declared]) => declared === name)?.[1];
  }

  #type(expression: Expression): CelType {
    return this.#checked.types.get(expression.id) ?? { kind: "dyn" };
  }

  #path(expression: Expression): readonly string[] {
    if (expression.kind === "ident") {
      const local = this.#local(expression.name);
      if (local !== undefined) return local.path;
    }
    return this.#paths.get(expression.id) ?? [];
  }

  #node(expression: Expression): SizedNode {
    const path = this.#path(expression);
    return {
      expression,
      type: this.#type(expression),
      path: path[0] === ACCUMULATOR ? [] : path,
      size: this.#sizeOrUnknown(expression),
    };
  }

  /** The size of the items of a list, where its path determines it. */
  #itemsSize({ path }: SizedNode): Range {
    const max = path.length === 0 ? undefined : this.#sizeAt([...path, "@items"]);
    return max === undefined ? UNKNOWN : { min: 0, max };
  }

  #sizeOrUnknown(expression: Expression): Range {
    return this.#size(expression) ?? UNKNOWN;
  }

  #size(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression.id) ?? literalSize(expression);
    if (known !== undefined) return known;
    const path = this.#path(expression);
    const max = path.length === 0 ? undefined : this.#sizeAt(path);
    if (max !== undefined) {
      const size = { min: 0, max };
      this.#sizes.set(expression.id, size);
      return size;
    }
    if (isScalar(this.#type(expression))) return fixed(1);
    return expression.kind === "ident" ? this.#local(expression.name)?.size : undefined;
  }

  #entriesOf(expression: Expression): EntrySizes | undefined {
    const known = this.#entries.get(expression.id);
    return known ?? (expression.kind === "ident" ? this.#local(expression.name)?.entries : undefined);
  }
}

interface CallParts {
  readonly targetNode: SizedNode | undefined;
  readonly nodes: readonly SizedNode[];
  readonly costs: readonly Range[];
}

function joinedEntries(a: EntrySizes, b: EntrySizes): EntrySizes {
  return { key: union(a.key, b.key), value: union(a.value, b.value) };
}

/** Whether a fold only gives a value a name. */
function isBinding({ range, condition, accuVar }: Fold): boolean {
  const isEmpty = range.kind === "list" && range.items.length === 0;
  return isEmpty && condition.kind === "literal" && condition.value === false && accuVar !== ACCUMULATOR;
}

function literalSize(expression: Expression): Range | undefined {
  if (expression.kind === "list") return fixed(expression.items.length);
  if (expression.kind === "map") return fixed(expression.entries.length);
  if (expression.kind !== "literal") return undefined;
  const { value } = expression;
  if (typeof value === "string") return fixed(lengthOf(value));
  return fixed(value instanceof Uint8Array ? value.length : 1);
}

function isScalar(type: CelType): boolean {
  if (type.kind === "optional") return isScalar(type.value);
  return ["bool", "double", "duration", "int", "timestamp", "uint"].includes(type.kind);
}
