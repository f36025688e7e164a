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

export interface AnyStructOptions {
  /** How many structs may be inside each other. Default: 5. */
  readonly depth?: number;
  /** Whether texts and numbers that every object has in an answer are never empty, as in what is stored. Default: they may be. */
  readonly isStored?: boolean;
}

/** JSON that fits a struct, with any of its fields missing. Half of the texts with a closed set are out of it. */
export function anyStruct(
  struct: Struct,
  { depth = 5, isStored = false }: AnyStructOptions = {},
): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(struct.fields).filter(([, field]) => depth > 0 || field.schema.type !== "struct");
  if (fields.length === 0) return fc.constant({});
  const chosen = fc.subarray(fields, { maxLength: Math.min(fields.length, 4) });
  const inner = { depth: depth - 1, isStored };
  return chosen.chain((some) =>
    fc.record(Object.fromEntries(some.map(([name, field]) => [name, anyFieldValue(field, inner)])), PLAIN),
  );
}

/** No empty list where one differs from none: stored text, like Go's JSON, has neither. Validation refuses it. */
function anyFieldValue({ schema, options }: Field, inner: Required<AnyStructOptions>): fc.Arbitrary<unknown> {
  if (schema.type === "list" && options.keepEmpty === true) {
    return fc.array(anyValue(schema.items, inner), { minLength: 1, maxLength: 2 });
  }
  const values = anyValue(schema, inner);
  return inner.isStored && options.present === true ? values.filter((value) => value !== "" && value !== 0) : values;
}

function anyValue(schema: Schema, inner: Required<AnyStructOptions>): fc.Arbitrary<unknown> {
  const isDeep = inner.depth < 0;
  switch (schema.type) {
    case "struct":
      return anyStruct(schema, inner);
    case "list":
      return isDeep ? fc.constant([]) : fc.array(anyValue(schema.items, inner), { maxLength: 2 });
    case "map":
      return isDeep ? fc.constant({}) : fc.dictionary(texts, anyValue(schema.values, inner), { ...PLAIN, maxKeys: 2 });
    default:
      if (schema.either !== undefined) {
        const other = anyValue(schema.either.other.schema, inner);
        return isDeep ? other : fc.oneof(anyStruct(schema.either.object.schema, { ...inner, depth: 1 }), other);
      }
      return schema.values === undefined ? SCALARS[schema.type] : fc.oneof(fc.constantFrom(...schema.values), texts);
  }
}
