import type { FieldSet } from "./field-set.ts";

/** FieldsV1 as stored. The functions here follow the paths of a small set through it, without decoding the whole. */
type Encoded = unknown;

/** Whether every path of a set is in encoded fields. */
export function containsAll(encoded: Encoded, set: FieldSet): boolean {
  if (set.member && !isMember(encoded)) return false;
  for (const [step, below] of set.children) {
    const found = childOf(encoded, step);
    if (found === undefined || !containsAll(found, below)) return false;
  }
  return true;
}

/** Whether any path of a set is in encoded fields. The cost grows with the smaller of them. */
export function containsAny(encoded: Encoded, set: FieldSet): boolean {
  if (set.member && isMember(encoded)) return true;
  for (const step of fewerSteps(encoded, set.children)) {
    const [found, below] = [childOf(encoded, step), set.children.get(step)];
    if (found !== undefined && below !== undefined && containsAny(found, below)) return true;
  }
  return false;
}

/** The steps of encoded fields, or of a set where it has fewer. */
function fewerSteps(encoded: Encoded, children: FieldSet["children"]): Iterable<string> {
  if (typeof encoded !== "object" || encoded === null) return [];
  const steps: string[] = [];
  for (const step in encoded) {
    if (steps.length === children.size) return children.keys();
    steps.push(step);
  }
  return steps;
}

function childOf(encoded: Encoded, step: string): Encoded {
  if (typeof encoded !== "object" || encoded === null || !Object.hasOwn(encoded, step)) return undefined;
  return (encoded as Readonly<Record<string, unknown>>)[step];
}

/** A path is in the fields when nothing is below it, or `.` is. */
function isMember(encoded: Encoded): boolean {
  if (typeof encoded !== "object" || encoded === null) return false;
  if (Object.hasOwn(encoded, ".")) return true;
  for (const _ in encoded) return false;
  return true;
}
