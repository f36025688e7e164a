import type { Schema } from "@fairlead/api/schema";
import type { FieldSet } from "./field-set.ts";
import { leafSet, setOf } from "./field-set.ts";
import type { Part } from "./schema-steps.ts";
import { isObject, ownershipOf, partsOf, schemaOf } from "./schema-steps.ts";

/** Returns every field that a value sets. */
export function fieldsOf(declared: Schema, value: unknown): FieldSet {
  const schema = schemaOf(declared, value);
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
