import type { Builder } from "./builder.ts";
import { ACCUMULATOR, type Expression, ExpressionProblem, type Fold } from "./expression.ts";

/** A call that may be one of a macro. */
export interface GivenCall {
  readonly at: number;
  readonly target: Expression | undefined;
  readonly args: readonly Expression[];
}

type Expander = (build: Builder, call: MemberCall) => Expression;

interface MemberCall extends GivenCall {
  readonly target: Expression;
}

/** By name and number of arguments. */
const MEMBER_MACROS: ReadonlyMap<string, Expander> = new Map<string, Expander>([
  ["all/2", (build, call) => all(build, call, varsOf(call, 1))],
  ["all/3", (build, call) => all(build, call, varsOf(call, 2))],
  ["exists/2", (build, call) => exists(build, call, varsOf(call, 1))],
  ["exists/3", (build, call) => exists(build, call, varsOf(call, 2))],
  ["exists_one/2", (build, call) => existsOne(build, call, varsOf(call, 1))],
  ["exists_one/3", (build, call) => existsOne(build, call, varsOf(call, 2))],
  ["existsOne/2", (build, call) => existsOne(build, call, varsOf(call, 1))],
  ["existsOne/3", (build, call) => existsOne(build, call, varsOf(call, 2))],
  ["map/2", (build, call) => listed(build, call, varsOf(call, 1), { value: 1 })],
  ["map/3", (build, call) => listed(build, call, varsOf(call, 1), { filter: 1, value: 2 })],
  ["filter/2", filtered],
  ["transformList/3", (build, call) => listed(build, call, varsOf(call, 2), { value: 2 })],
  ["transformList/4", (build, call) => listed(build, call, varsOf(call, 2), { filter: 2, value: 3 })],
  ["transformMap/3", (build, call) => mapped(build, call, { value: 2 })],
  ["transformMap/4", (build, call) => mapped(build, call, { filter: 2, value: 3 })],
  ["transformMapEntry/3", (build, call) => mapped(build, call, { value: 2, isEntry: true })],
  ["transformMapEntry/4", (build, call) => mapped(build, call, { filter: 2, value: 3, isEntry: true })],
  ["optMap/2", (build, call) => optionalMapped(build, call, true)],
  ["optFlatMap/2", (build, call) => optionalMapped(build, call, false)],
  ["sortBy/2", sortedBy],
]);

/**
 * Returns what a macro stands for; `undefined` for a call that is none.
 *
 * Source: parser/macro.go and ext/comprehensions.go of cel-go.
 */
export function expandMacro(build: Builder, name: string, call: GivenCall): Expression | undefined {
  const { target, args } = call;
  if (target === undefined) return name === "has" && args.length === 1 ? presence(call) : undefined;
  return MEMBER_MACROS.get(`${name}/${args.length}`)?.(build, { ...call, target });
}

function presence({ args, at }: GivenCall): Expression {
  const [argument] = args;
  if (argument?.kind !== "select") throw new ExpressionProblem("invalid argument to has() macro", argument?.at ?? at);
  return { ...argument, at, isTest: true };
}

interface Vars {
  readonly iterVar: string;
  readonly iterVar2?: string;
}

function varsOf({ args, at }: GivenCall, count: 1 | 2): Vars {
  const [first, second] = args.slice(0, count).map((argument) => {
    if (argument.kind !== "ident") throw new ExpressionProblem("argument must be a simple name", argument.at);
    if (argument.name === ACCUMULATOR)
      throw new ExpressionProblem("iteration variable overwrites accumulator variable", at);
    return argument.name;
  });
  if (first !== undefined && first === second) {
    throw new ExpressionProblem(`duplicate variable name: ${first}`, at);
  }
  return { iterVar: first ?? "", ...(second !== undefined && { iterVar2: second }) };
}

type FoldParts = Pick<Fold, "init" | "condition" | "step" | "result">;

function fold(build: Builder, { at, target }: MemberCall, vars: Vars, parts: FoldParts): Expression {
  return { id: build.id(), at, kind: "fold", range: target, ...vars, accuVar: ACCUMULATOR, ...parts };
}

function argument({ args, at }: GivenCall, index: number): Expression {
  const found = args[index];
  if (found === undefined) throw new ExpressionProblem("missing argument", at);
  return found;
}

function all(build: Builder, call: MemberCall, vars: Vars): Expression {
  const { at } = call;
  const accu = () => build.ident(ACCUMULATOR, at);
  return fold(build, call, vars, {
    init: build.literal(true, at),
    condition: build.call("@not_strictly_false", at, [accu()]),
    step: build.call("_&&_", at, [accu(), argument(call, call.args.length - 1)]),
    result: accu(),
  });
}

function exists(build: Builder, call: MemberCall, vars: Vars): Expression {
  const { at } = call;
  const accu = () => build.ident(ACCUMULATOR, at);
  return fold(build, call, vars, {
    init: build.literal(false, at),
    condition: build.call("@not_strictly_false", at, [build.call("!_", at, [accu()])]),
    step: build.call("_||_", at, [accu(), argument(call, call.args.length - 1)]),
    result: accu(),
  });
}

function existsOne(build: Builder, call: MemberCall, vars: Vars): Expression {
  const { at } = call;
  const accu = () => build.ident(ACCUMULATOR, at);
  const more = build.call("_+_", at, [accu(), build.literal(1n, at)]);
  return fold(build, call, vars, {
    init: build.literal(0n, at),
    condition: build.literal(true, at),
    step: build.call("_?_:_", at, [argument(call, call.args.length - 1), more, accu()]),
    result: build.call("_==_", at, [accu(), build.literal(1n, at)]),
  });
}

/** Which arguments are what. */
interface Roles {
  readonly filter?: number;
  readonly value: number;
}

function listed(build: Builder, call: MemberCall, vars: Vars, { filter, value }: Roles): Expression {
  const { at } = call;
  const accu = () => build.ident(ACCUMULATOR, at);
  const longer = build.call("_+_", at, [accu(), build.list([argument(call, value)], at)]);
  return fold(build, call, vars, {
    init: build.list([], at),
    condition: build.literal(true, at),
    step: filter === undefined ? longer : build.call("_?_:_", at, [argument(call, filter), longer, accu()]),
    result: accu(),
  });
}

function filtered(build: Builder, call: MemberCall): Expression {
  const { at } = call;
  const vars = varsOf(call, 1);
  const accu = () => build.ident(ACCUMULATOR, at);
  const longer = build.call("_+_", at, [accu(), build.list([build.ident(vars.iterVar, at)], at)]);
  return fold(build, call, vars, {
    init: build.list([], at),
    condition: build.literal(true, at),
    step: build.call("_?_:_", at, [argument(call, 1), longer, accu()]),
    result: accu(),
  });
}

function mapped(build: Builder, call: MemberCall, { filter, value, isEntry }: Roles & { isEntry?: true }): Expression {
  const { at } = call;
  const vars = varsOf(call, 2);
  const accu = () => build.ident(ACCUMULATOR, at);
  const key = isEntry === true ? [] : [build.ident(vars.iterVar, at)];
  const larger = build.call("cel.@mapInsert", at, [accu(), ...key, argument(call, value)]);
  return fold(build, call, vars, {
    init: { id: build.id(), at, kind: "map", entries: [] },
    condition: build.literal(true, at),
    step: filter === undefined ? larger : build.call("_?_:_", at, [argument(call, filter), larger, accu()]),
    result: accu(),
  });
}

/** Binds the value of an optional to a name. */
function optionalMapped(build: Builder, call: MemberCall, wraps: boolean): Expression {
  const { at, target } = call;
  const { iterVar: name } = varsOf(call, 1);
  const bound = binding(build, at, { name, value: build.call("value", at, [], target), result: argument(call, 1) });
  return build.call("_?_:_", at, [
    build.call("hasValue", at, [], target),
    wraps ? build.call("optional.of", at, [bound]) : bound,
    build.call("optional.none", at, []),
  ]);
}

/** Binds the list to a name: it is read twice. */
function sortedBy(build: Builder, call: MemberCall): Expression {
  const { at, target } = call;
  const name = "@__sortBy_input__";
  const input = () => build.ident(name, at);
  const keys = listed(build, { ...call, target: input() }, varsOf(call, 1), { value: 1 });
  const result = build.call("@sortByAssociatedKeys", at, [keys], input());
  return binding(build, at, { name, value: target, result });
}

interface Bound {
  readonly name: string;
  readonly value: Expression;
  readonly result: Expression;
}

/** A fold over nothing, whose result knows a value by a name. */
function binding(build: Builder, at: number, { name, value, result }: Bound): Expression {
  return {
    id: build.id(),
    at,
    kind: "fold",
    range: build.list([], at),
    iterVar: "#unused",
    accuVar: name,
    init: value,
    condition: build.literal(false, at),
    step: build.ident(name, at),
    result,
  };
}
