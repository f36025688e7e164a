import { deepEqual } from "../../api/deep-equal.ts";
import type { Schema } from "../../api/schema.ts";
import type { FieldSet } from "./field-set.ts";
import { emptySet, leafSet, setOf } from "./field-set.ts";
import type { Part } from "./schema-steps.ts";
import { isObject, ownershipOf, partsOf } from "./schema-steps.ts";

/** Every field that a value sets. */
export function fieldsOf(schema: Schema, value: unknown): FieldSet {
  const ownership = ownershipOf(schema);
  if (ownership === "whole") return leafSet;
  const children = [...partsOf(schema, value)].map(([step, part]) => [step, partFields(part, ownership)] as const);
  return setOf(children);
}

function partFields({ schema, value }: Part, ownership: ReturnType<typeof ownershipOf>): FieldSet {
  const below = fieldsOf(schema, value);
  const isEmptyObject = isObject(value) && Object.keys(value).length === 0;
  return ownership !== "fields" || isEmptyObject ? { ...below, member: true } : below;
}

/** The fields of `after` that are not so in `before`: new ones, and ones of another value. */
export function changedFields(schema: Schema, before: unknown, after: unknown): FieldSet {
  const ownership = ownershipOf(schema);
  if (ownership === "whole") return deepEqual(before, after) ? emptySet : leafSet;
  const earlier = partsOf(schema, before);
  const children = [...partsOf(schema, after)].map(([step, part]) => {
    const known = earlier.get(step);
    const below =
      known === undefined ? partFields(part, ownership) : changedFields(part.schema, known.value, part.value);
    return [step, below] as const;
  });
  return setOf(children);
}
