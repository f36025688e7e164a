import fc from "fast-check";
import type { Field, ScalarType, Schema, Struct } from "./schema.ts";

/** Texts that mean something to some field, and some that mean nothing to any. */
const texts = fc.constantFrom(
  "",
  "a",
  "A b",
  "default",
  "None",
  "10.0.0.1",
  "::1",
  "1Gi",
  "-1",
  "$(X)",
  "../x",
  "/x",
  "x".repeat(70),
);
const numbers = fc.constantFrom(0, 1, -1, 80, 65_536, 2 ** 31 - 1);

/** As `JSON.parse` makes them. */
const PLAIN = { noNullPrototype: true } as const;

const SCALARS: Record<ScalarType, fc.Arbitrary<unknown>> = {
  string: texts,
  bool: fc.boolean(),
  int32: numbers,
  int64: fc.oneof(numbers, fc.constantFrom(2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n))),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bytes: fc.constantFrom("", "AA==", "e30="),
  quantity: fc.constantFrom("0", "1", "500m", "1024Mi", "-1", 3),
  intOrString: fc.oneof(numbers, texts),
  time: fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"),
  microTime: fc.constantFrom("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00Z"),
  json: fc.jsonValue(),
};

/**
 * JSON that fits a struct, with any of its fields missing. Half of the texts with a closed set are out of it.
 *
 * @param depth - How many structs may be inside each other.
 */
export function anyStruct(struct: Struct, depth = 5): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(struct.fields).filter(([, field]) => depth > 0 || field.schema.type !== "struct");
  if (fields.length === 0) return fc.constant({});
  const chosen = fc.subarray(fields, { maxLength: Math.min(fields.length, 4) });
  return chosen.chain((some) =>
    fc.record(Object.fromEntries(some.map(([name, field]) => [name, anyFieldValue(field, depth - 1)])), PLAIN),
  );
}

/** No empty list where one differs from none: stored text, like Go's JSON, has neither. Validation refuses it. */
function anyFieldValue({ schema, options }: Field, depth: number): fc.Arbitrary<unknown> {
  if (schema.type !== "list" || options.keepEmpty !== true) return anyValue(schema, depth);
  return fc.array(anyValue(schema.items, depth), { minLength: 1, maxLength: 2 });
}

function anyValue(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case "struct":
      return anyStruct(schema, depth);
    case "list":
      return depth < 0 ? fc.constant([]) : fc.array(anyValue(schema.items, depth), { maxLength: 2 });
    case "map":
      return depth < 0
        ? fc.constant({})
        : fc.dictionary(texts, anyValue(schema.values, depth), { ...PLAIN, maxKeys: 2 });
    default:
      return schema.values === undefined ? SCALARS[schema.type] : fc.oneof(fc.constantFrom(...schema.values), texts);
  }
}
