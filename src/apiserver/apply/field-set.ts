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

/** What is in any of them. The cost grows with their total size. */
export function union(...sets: readonly FieldSet[]): FieldSet {
  const below = new Map<string, FieldSet[]>();
  for (const { children } of sets) {
    for (const [step, child] of children) {
      const known = below.get(step);
      if (known === undefined) below.set(step, [child]);
      else known.push(child);
    }
  }
  const children = [...below].map(
    ([step, all]) => [step, all.length === 1 ? (all[0] ?? emptySet) : union(...all)] as const,
  );
  return setOf(
    children,
    sets.some(({ member }) => member),
  );
}

/** What is in `a` and not in `b`. The cost grows with the size of `a` alone. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = [...a.children].map(([step, child]) => {
    const other = b.children.get(step);
    return [step, other === undefined ? child : difference(child, other)] as const;
  });
  return setOf(children, a.member && !b.member);
}

/** What is in both. The cost grows with the size of the smaller one. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const [small, large] = a.children.size <= b.children.size ? [a, b] : [b, a];
  const children = [...small.children].map(([step, child]) => {
    const other = large.children.get(step);
    return [step, other === undefined ? emptySet : intersection(child, other)] as const;
  });
  return setOf(children, a.member && b.member);
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
