import { LIST_COST } from "./call-cost.ts";
import type { Expression } from "./expression.ts";
import { fixed, plus, type Range, scaled, times, UNBOUNDED, UNKNOWN } from "./size-range.ts";
import type { CelType } from "./type.ts";

/** A part of an expression, and how large its value may be. */
export interface SizedNode {
  readonly expression: Expression;
  readonly type: CelType;
  /** Empty where it is not part of a variable. */
  readonly path: readonly string[];
  readonly size: Range;
}

/** A call whose cost is asked for. */
export interface EstimatedCall {
  readonly name: string;
  readonly overload: string;
  readonly target: SizedNode | undefined;
  readonly args: readonly SizedNode[];
  /** The size of the items of a list. */
  itemsSize(list: SizedNode): Range;
}

/** What a call may cost, besides its arguments, and how large its result may be. */
export interface CallEstimate {
  readonly cost: Range;
  /** Absent: unknown. */
  readonly size?: Range;
}

const TRAVERSAL = 0.1;
const REGEX = 0.25;
/** Upstream's largest pattern of a named format. */
const FORMAT_REGEX_MAX = 128;
/** Bytes of an address. */
const ADDRESS: Range = { min: 4, max: 16 };

type Estimate = (call: EstimatedCall) => CallEstimate;

/** The first value: what a member function is called on, or else its first argument. */
function subject({ target, args }: EstimatedCall): Range {
  return target?.size ?? args[0]?.size ?? UNKNOWN;
}

function argument({ args }: EstimatedCall, index: number): Range {
  return args[index]?.size ?? UNKNOWN;
}

const one: Estimate = () => ({ cost: fixed(1) });
const traversed: Estimate = (call) => ({ cost: scaled(subject(call), TRAVERSAL) });
const traversedSame: Estimate = (call) => ({ cost: scaled(subject(call), TRAVERSAL), size: subject(call) });

/** Every item is looked at; texts are compared as a whole. */
const listSearched: Estimate = (call) => {
  const { target, itemsSize } = call;
  if (target?.type.kind !== "list") return traversed(call);
  const isText = target.type.items.kind === "string" || target.type.items.kind === "bytes";
  const each = isText ? plus(fixed(1), scaled(itemsSize(target), TRAVERSAL)) : fixed(1);
  return { cost: times(target.size, each) };
};

const matched: Estimate = (call) => {
  const text = scaled(plus(subject(call), fixed(1)), TRAVERSAL);
  return { cost: times(text, scaled(argument(call, call.target === undefined ? 1 : 0), REGEX)) };
};

const found: Estimate = (call) => ({ ...matched(call), size: { min: 0, max: subject(call).max } });

const replaced: Estimate = (call) => {
  const [text, part, by] = [subject(call), argument(call, 0), argument(call, 1)];
  const longest = replacedMax(text.max, part.min, by.max);
  const shortest = replacedMin(text.min, part.max, by.min);
  const count = { min: shortest.count, max: longest.count };
  const kept = { min: shortest.kept, max: longest.kept };
  return { cost: scaled(text, 2 * TRAVERSAL), size: plus(times(count, by), kept) };
};

interface Replaced {
  readonly count: number;
  readonly kept: number;
}

function replacedMax(text: number, part: number, by: number): Replaced {
  if (part === 0) return { count: text < UNBOUNDED ? text + 1 : text, kept: text };
  return by <= part ? { count: 0, kept: text } : { count: Math.ceil(text / part), kept: 0 };
}

function replacedMin(text: number, part: number, by: number): Replaced {
  if (part === 0) return { count: text < UNBOUNDED ? text + 1 : text, kept: text };
  return part <= by ? { count: 0, kept: text } : { count: Math.ceil(text / part), kept: 0 };
}

const split: Estimate = (call) => {
  const limit = call.args[1]?.expression;
  const literal = limit?.kind === "literal" && typeof limit.value === "bigint" ? Number(limit.value) : undefined;
  const max = literal === undefined ? subject(call).max : literal < 0 ? UNBOUNDED : literal;
  return { cost: scaled(subject(call), 2 * TRAVERSAL), size: { min: 0, max } };
};

const joined: Estimate = (call) => {
  const { target, args, itemsSize } = call;
  const list = subject(call);
  const items = target === undefined ? UNKNOWN : times(list, itemsSize(target));
  const separators = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
  const size = args[0] === undefined ? items : plus(items, times(args[0].size, separators));
  return { cost: scaled(size, TRAVERSAL), size };
};

const ipOf: Estimate = (call) => (call.overload === "cidr_ip" ? one(call) : traversed(call));

function parsedToo(call: EstimatedCall, overload: string): Range {
  return call.overload === overload ? scaled(argument(call, 0), TRAVERSAL) : fixed(0);
}

const containsIP: Estimate = (call) => ({
  cost: plus(scaled(plus(ADDRESS, ADDRESS), TRAVERSAL), parsedToo(call, "cidr_contains_ip_string")),
});

const containsCIDR: Estimate = (call) => ({
  cost: plus(
    scaled(plus(ADDRESS, ADDRESS), TRAVERSAL),
    scaled(ADDRESS, TRAVERSAL),
    fixed(1),
    parsedToo(call, "cidr_contains_cidr_string"),
  ),
});

const validated: Estimate = (call) => ({
  cost: scaled(scaled(argument(call, 0), TRAVERSAL), FORMAT_REGEX_MAX * REGEX),
});

/** A function that makes a list. */
function listMade(factor: number, size: Range): CallEstimate {
  return { cost: plus(scaled(size, factor), fixed(1), fixed(LIST_COST)), size };
}

const compared: Estimate = (call) => {
  const [a, b] = [argument(call, 0), argument(call, 1)];
  const [left, right] = call.args;
  if (left?.type.kind === "opaque" && right?.type.kind === "opaque" && left.type.name === right.type.name)
    return one(call);
  const max = Math.min(a.max, b.max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) };
};

const concatenated: Estimate = (call) => {
  const size = plus(argument(call, 0), argument(call, 1));
  return { cost: call.overload === "add_list" ? fixed(1) : scaled(size, TRAVERSAL), size };
};

const contained: Estimate = (call) => ({
  cost: times(scaled(subject(call), TRAVERSAL), scaled(argument(call, 0), TRAVERSAL)),
});

function literalInt(node: SizedNode | undefined, otherwise: number): number {
  const { expression } = node ?? {};
  if (expression?.kind !== "literal" || typeof expression.value !== "bigint") return otherwise;
  return Math.max(0, Number(expression.value));
}

const sliced: Estimate = (call) => {
  const [start, end] = call.args;
  const size = literalInt(end, subject(call).max) - literalInt(start, 0);
  // As upstream, whose difference of unsigned numbers is huge.
  return listMade(1, fixed(size < 0 ? UNBOUNDED : size));
};

const ofSets =
  (factor: number): Estimate =>
  (call) => ({
    cost: plus(scaled(times(argument(call, 0), argument(call, 1)), factor), fixed(1)),
  });

function sorted(call: EstimatedCall, keys: Range): CallEstimate {
  const isText = /^list_(?:string|bytes)_/.test(call.overload);
  return listMade(isText ? 2 + TRAVERSAL : 2, times(keys, keys));
}

function each(names: readonly string[], estimate: Estimate): Readonly<Record<string, Estimate>> {
  return Object.fromEntries(names.map((name) => [name, estimate]));
}

/** By function, for all of its meanings. Source: library/cost.go of k8s.io/apiserver. */
const BY_FUNCTION: Readonly<Record<string, Estimate>> = {
  ...each(["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"], listSearched),
  ...each(["url", "lowerAscii", "upperAscii", "substring", "trim"], traversedSame),
  ...each(["cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver"], traversed),
  ...each(["masked", "prefixLength", "family", "isUnspecified", "isLoopback", "isLinkLocalMulticast"], one),
  ...each(["isLinkLocalUnicast", "isGlobalUnicast", "sign", "asInteger", "isInteger", "asApproximateFloat"], one),
  ...each(["isGreaterThan", "isLessThan", "compareTo", "add", "sub", "major", "minor", "patch", "format.named"], one),
  ...each(["getScheme", "getHostname", "getHost", "getPort", "getEscapedPath", "getQuery"], one),
  replace: replaced,
  split,
  join: joined,
  find: found,
  findAll: found,
  ip: ipOf,
  "ip.isCanonical": (call) => ({ cost: scaled(argument(call, 0), 2 * TRAVERSAL) }),
  containsIP,
  containsCIDR,
  validate: validated,
};

/** By meaning. Source: checker/cost.go and ext of cel-go. */
const BY_OVERLOAD: Readonly<Record<string, Estimate>> = {
  string_format: (call) => ({ cost: scaled(subject(call), TRAVERSAL) }),
  string_to_bytes: (call) => ({
    cost: scaled(argument(call, 0), TRAVERSAL),
    size: { min: argument(call, 0).min, max: argument(call, 0).max * 4 },
  }),
  bytes_to_string: (call) => ({ cost: scaled(argument(call, 0), TRAVERSAL), size: argument(call, 0) }),
  strings_quote: (call) => ({
    cost: scaled(argument(call, 0), TRAVERSAL),
    size: plus(times(argument(call, 0), { min: 1, max: 2 }), fixed(2)),
  }),
  starts_with_string: (call) => ({ cost: scaled(argument(call, 0), TRAVERSAL) }),
  ends_with_string: (call) => ({ cost: scaled(argument(call, 0), TRAVERSAL) }),
  in_list: (call) => ({ cost: argument(call, 1) }),
  matches: matched,
  matches_string: matched,
  contains_string: contained,
  ...each(["add_list", "add_string", "add_bytes"], concatenated),
  ...each(["equals", "not_equals"], compared),
  ...each(
    ["less", "less_equals", "greater", "greater_equals"].flatMap((name) => [`${name}_string`, `${name}_bytes`]),
    compared,
  ),
  list_slice: sliced,
  list_reverse: (call) => listMade(1, subject(call)),
  list_flatten: (call) => listMade(1, subject(call)),
  list_flatten_int: (call) => listMade(literalInt(call.args[0], UNBOUNDED), subject(call)),
  lists_range: (call) => listMade(1, fixed(literalInt(call.args[0], UNBOUNDED))),
  list_distinct: (call) => listMade(2, times(subject(call), subject(call))),
  ...each(["list_sets_contains_list", "list_sets_intersects_list"], ofSets(1)),
  list_sets_equivalent_list: ofSets(2),
};

/** Returns what a call may cost, besides its arguments. */
export function estimateCall(call: EstimatedCall): CallEstimate {
  const { name, overload } = call;
  if (overload.endsWith("_sort")) return sorted(call, subject(call));
  if (overload.endsWith("_sortByAssociatedKeys")) return sorted(call, argument(call, 0));
  return (BY_FUNCTION[name] ?? BY_OVERLOAD[overload] ?? one)(call);
}
