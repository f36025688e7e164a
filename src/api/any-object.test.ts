import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyStruct } from "./any-object.testing.ts";
import { decodeObject } from "./codec/decode-object.ts";
import { encodeStored } from "./codec/encode.ts";
import { parseApiJson } from "./codec/parse-json.ts";
import type { Kind } from "./kind.ts";
import { builtinKinds } from "./kinds.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "./meta/v1/validate-object-meta.ts";
import { strategicMerge } from "./patch/strategic-merge.ts";
import { formatQuantity, parseQuantity } from "./quantity.ts";
import type { KubeObject } from "./resource-reference.ts";
import { selectableValues } from "./selectors/field-selector.ts";
import { StatusError } from "./status-error.ts";

const RUNS = { numRuns: 150 };

function decoded(kind: Kind, json: unknown): KubeObject | undefined {
  const result = decodeObject(kind, json, { fieldValidation: "Ignore" });
  return result.error === undefined ? kind.withDefaults(result.object) : undefined;
}

for (const kind of builtinKinds) {
  const name = `${kind.kind} of ${kind.group === "" ? "core" : kind.group}`;
  const fields = Object.fromEntries(
    Object.entries(kind.schema.fields).filter(([n]) => n !== "kind" && n !== "apiVersion"),
  );
  const any = anyStruct({ ...kind.schema, fields });

  test(`${name}: whatever fits the schema is checked, printed and stored, and settles`, () => {
    const check = (json: unknown, other: unknown) => {
      const object = decoded(kind, json);
      const previous = decoded(kind, other);
      assert(object !== undefined && previous !== undefined, "what fits is decoded");
      assert(Array.isArray(kind.validate(object)) && Array.isArray(kind.validate(object, previous)));
      assert(Array.isArray(validateObjectMeta(object.metadata, kind)));
      assert(Array.isArray(validateObjectMetaUpdate(object.metadata, previous.metadata)));
      for (const column of kind.columns) column.cell(object, 0);
      selectableValues(kind, object);
      kind.withDefaults(object, previous);

      const text = encodeStored(kind, object);
      const again = decoded(kind, parseApiJson(text));
      assert(again !== undefined);
      assert.equal(encodeStored(kind, again), text);
    };
    fc.assert(fc.property(any, any, check), RUNS);
  });

  test(`${name}: whatever JSON there is, it is decoded or refused`, () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        decoded(kind, json);
      }),
      RUNS,
    );
  });

  test(`${name}: patches are applied or refused, and an empty one changes nothing`, () => {
    const check = (json: Record<string, unknown>, patch: Record<string, unknown>) => {
      assert.deepEqual(strategicMerge(kind.schema, json, {}), json);
      try {
        strategicMerge(kind.schema, json, patch);
      } catch (error) {
        assert(error instanceof StatusError);
      }
    };
    fc.assert(fc.property(any, any, check), RUNS);
  });
}

test("a quantity's canonical form is the same amount, and stays while its notation does", () => {
  const suffixes = ["", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "e-3", "E6"];
  const check = (negative: boolean, whole: bigint, fraction: string, suffix: string) => {
    const text = `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}${suffix}`;
    const parsed = parseQuantity(text);
    assert(!("error" in parsed), text);
    const canonical = formatQuantity(parsed);
    const again = parseQuantity(canonical);
    assert(!("error" in again), canonical);
    assert.equal(again.nanos, parsed.nanos, `${text} is not ${canonical}`);
    // Upstream too: a binary amount that is no multiple of 1024 is written without a suffix, and so read as a decimal one.
    if (again.format === parsed.format) assert.equal(formatQuantity(again), canonical);
  };
  const digits = fc.stringMatching(/^\d{0,6}$/);
  fc.assert(
    fc.property(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 12n }), digits, fc.constantFrom(...suffixes), check),
  );
});
