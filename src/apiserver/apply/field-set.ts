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

/** What is in either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combined(a, b, (inA, inB) => inA || inB);
}

/** What is in `a` and not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combined(a, b, (inA, inB) => inA && !inB);
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combined(a, b, (inA, inB) => inA && inB);
}

/** Whether nothing is in the set. */
export function isEmptySet({ member, children }: FieldSet): boolean {
  return !member && children.size === 0;
}

/** The set of some steps, each with what is below it. Empty ones are left out. */
export function setOf(children: Iterable<readonly [string, FieldSet]>, member = false): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmptySet(child))) };
}

function combined(a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const steps = new Set([...a.children.keys(), ...b.children.keys()]);
  const children = [...steps].map((step) => {
    const below = combined(a.children.get(step) ?? emptySet, b.children.get(step) ?? emptySet, keep);
    return [step, below] as const;
  });
  return setOf(children, keep(a.member, b.member));
}

/** The paths of a set as upstream prints them: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathsOf(set: FieldSet, path = ""): readonly string[] {
  const below = [...set.children].flatMap(([step, child]) => pathsOf(child, path + shownStep(step)));
  return set.member ? [path, ...below] : below;
}

function shownStep(step: string): string {
  const [type, rest] = [step.slice(0, 2), step.slice(2)];
  if (type === "f:") return `.${rest}`;
  if (type === "v:") return `[=${rest}]`;
  const keys: object = JSON.parse(rest);
  const shown = Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${shown.join(",")}]`;
}

/** FieldsV1 as it stands in `metadata.managedFields`: a leaf is `{}`, and `.` a path that others go on from. */
export function encodeFieldSet({ member, children }: FieldSet): Readonly<Record<string, unknown>> {
  const sorted = [...children].sort(([a], [b]) => (a < b ? -1 : 1));
  const below = Object.fromEntries(sorted.map(([step, child]) => [step, encodeFieldSet(child)]));
  return member && children.size > 0 ? { ".": {}, ...below } : below;
}

/** The inverse of {@link encodeFieldSet}. What is not FieldsV1 is an empty set. */
export function decodeFieldSet(fields: unknown): FieldSet {
  const { children } = decodeBelow(fields);
  return { member: false, children };
}

function decodeBelow(fields: unknown): FieldSet {
  if (typeof fields !== "object" || fields === null) return emptySet;
  const entries = Object.entries(fields).filter(([step]) => step !== ".");
  return setOf(
    entries.map(([step, below]) => [step, decodeBelow(below)]),
    "." in fields || entries.length === 0,
  );
}
