import { jsonText } from "@fairlead/api/codec/json-text";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import { goQuote } from "@fairlead/api/go-quote";
import { isJsonObject } from "@fairlead/api/patch/json-object";

/**
 * A set of paths into an object, as a trie. The steps are FieldsV1's: `f:NAME` a field or key, `k:KEYS` an item of a
 * list by its keys, `v:VALUE` an item of a set.
 */
export interface FieldSet {
  /** Whether the path that leads here is itself in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { member: false, children: new Map() };
/** The set that holds the path that leads to it, and nothing below. */
export const leafSet: FieldSet = { member: true, children: new Map() };

/**
 * Returns the paths of any of the sets; the first set itself when it has them all. The cost grows with the total size of the
 * sets.
 */
export function union(first: FieldSet, ...others: readonly FieldSet[]): FieldSet {
  const sets = others.filter((set) => !isEmptySet(set));
  if (sets.length === 0) return first;
  if (isEmptySet(first)) return union(sets[0] ?? first, ...sets.slice(1));
  const below = new Map<string, FieldSet[]>();
  for (const { children } of sets) {
    for (const [step, child] of children) {
      const known = below.get(step);
      if (known === undefined) below.set(step, [child]);
      else known.push(child);
    }
  }
  let children: Map<string, FieldSet> | undefined;
  for (const [step, added] of below) {
    const known = first.children.get(step);
    const all = union(known ?? emptySet, ...added);
    if (all === known) continue;
    children ??= new Map(first.children);
    children.set(step, all);
  }
  const member = first.member || sets.some((set) => set.member);
  return children === undefined && member === first.member ? first : { member, children: children ?? first.children };
}

/** Returns the paths of `a` that are not in `b`; `a` itself when they have none in common. The cost grows with the smaller set. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const small = a.children.size < b.children.size ? a : b;
  let children: Map<string, FieldSet> | undefined;
  for (const step of small.children.keys()) {
    const known = a.children.get(step);
    const taken = b.children.get(step);
    if (known === undefined || taken === undefined) continue;
    const rest = difference(known, taken);
    if (rest === known) continue;
    children ??= new Map(a.children);
    if (isEmptySet(rest)) children.delete(step);
    else children.set(step, rest);
  }
  const member = a.member && !b.member;
  return children === undefined && member === a.member ? a : { member, children: children ?? a.children };
}

/** Returns the paths that are in both sets. The cost grows with the smaller set. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const [small, large] = a.children.size <= b.children.size ? [a, b] : [b, a];
  const common = [...small.children].flatMap(([step, below]) => {
    const other = large.children.get(step);
    return other === undefined ? [] : [[step, intersection(below, other)] as const];
  });
  return setOf(common, a.member && b.member);
}

/** Whether nothing is in the set. */
export function isEmptySet({ member, children }: FieldSet): boolean {
  return !member && children.size === 0;
}

/** The set of some steps, each with what is below it. Empty ones are left out. */
export function setOf(children: Iterable<readonly [string, FieldSet]>, member = false): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmptySet(child))) };
}

/** The paths of a set as upstream prints them: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathsOf(set: FieldSet, path = ""): readonly string[] {
  const below = [...set.children].flatMap(([step, child]) => pathsOf(child, path + shownStep(step)));
  return set.member ? [path, ...below] : below;
}

/** One step of a path as upstream prints it: `.ports`, `[name="a"]`, `[="x"]`, `[0]`. */
export function shownStep(step: string): string {
  const [type, rest] = [step.slice(0, 2), step.slice(2)];
  if (type === "f:") return `.${rest}`;
  if (type === "v:") return `[=${rest}]`;
  if (type === "i:") return `[${rest}]`;
  const keys = parseApiJson(rest) as object;
  const shown = Object.entries(keys).map(
    ([name, value]) => `${name}=${typeof value === "string" ? goQuote(value) : jsonText(value)}`,
  );
  return `[${shown.join(",")}]`;
}

/** FieldsV1 as it stands in `metadata.managedFields`: a leaf is `{}`, and `.` a path that others go on from. */
export function encodeFieldSet({ member, children }: FieldSet): Readonly<Record<string, unknown>> {
  const encoded: Record<string, unknown> = member && children.size > 0 ? { ".": {} } : {};
  // No step is `__proto__`: each has the letter of its type in front.
  for (const [step, child] of [...children].sort(([a], [b]) => (a < b ? -1 : 1))) encoded[step] = encodeFieldSet(child);
  return encoded;
}

/** Decodes FieldsV1. Returns `undefined` for a value that is not FieldsV1. */
export function decodeFieldSet(fields: unknown): FieldSet | undefined {
  const decoded = decodeBelow(fields);
  return decoded === undefined ? undefined : { member: false, children: decoded.children };
}

function decodeBelow(fields: unknown): FieldSet | undefined {
  if (!isJsonObject(fields)) return undefined;
  const children = new Map<string, FieldSet>();
  let member = true;
  for (const [step, value] of Object.entries(fields)) {
    if (step === ".") continue;
    const below = isStep(step) ? decodeBelow(value) : undefined;
    if (below === undefined) return undefined;
    children.set(step, below);
    member = false;
  }
  return { member: member || Object.hasOwn(fields, "."), children };
}

/** Steps that this server writes, and `i:` for an index, which other servers may have written. */
function isStep(step: string): boolean {
  if (step.startsWith("f:")) return true;
  if (step.startsWith("i:")) return /^i:-?\d+$/.test(step);
  if (!step.startsWith("k:") && !step.startsWith("v:")) return false;
  try {
    const value: unknown = JSON.parse(step.slice(2));
    return step.startsWith("v:") || (typeof value === "object" && value !== null && !Array.isArray(value));
  } catch {
    return false;
  }
}
