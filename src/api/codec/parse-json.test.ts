import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isJsonNumber } from "./json-number.ts";
import { jsonDepth, jsonText } from "./json-text.ts";
import { hasPlainNumbers, parseApiJson, parseJson } from "./parse-json.ts";

const cases: { name: string; text: string; want: string[] }[] = [
  { name: "no key twice", text: '{"a":1,"b":{"a":2}}', want: [] },
  { name: "a key twice at the top", text: '{"a":1, "a" : 2}', want: ["a"] },
  { name: "a key twice inside a list", text: '{"s":{"l":[{"x":1},{"x":1,"x":2}]}}', want: ["s.l[1].x"] },
  { name: "a key three times is named once", text: '{"a":1,"a":2,"a":3}', want: ["a"] },
  { name: "the same string as a value is no key", text: '{"a":["b","b"],"b":"b"}', want: [] },
  { name: "escapes are understood", text: '{"a\\"":1,"a\\u0022":2,"x":"\\\\"}', want: ['a"'] },
  { name: "brackets inside strings do not count", text: '{"a":"}{][,","b":"{","a":1}', want: ["a"] },
  { name: "a scalar has no keys", text: '"a"', want: [] },
];

for (const { name, text, want } of cases) {
  test(`parseJson: ${name}`, () => {
    const parsed = parseJson(text);
    assert.deepEqual(parsed.value, JSON.parse(text));
    assert.deepEqual(parsed.duplicates, want);
  });
}

test("parseJson: nesting is allowed to 10,000 levels, closed or not", () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
  assert.equal(jsonDepth(parseJson(nested(10_000)).value), 10_000);
  for (const text of [nested(10_002), "[".repeat(1_000_000)]) {
    assert.throws(() => parseJson(text), {
      name: "SyntaxError",
      message: /^invalid character '[[{]' exceeded max depth$/,
    });
  }
});

test("parseJson: long keys do not multiply in the paths of duplicates", () => {
  const long = "k".repeat(100_000);
  const text = `{"${long}":{${Array.from({ length: 200 }, (_, i) => `"${i}":1,"${i}":2`).join()}}}`;
  const { duplicates } = parseJson(text);
  assert.ok(duplicates.length <= 100 && duplicates.every((path) => path.length < 2_100));
});

test("parseJson: text that is not JSON is a SyntaxError", () => {
  assert.throws(() => parseJson('{"a":'), SyntaxError);
});

const [MAX, MIN] = ["9223372036854775807", "-9223372036854775808"];

/** A `JsonNumber` is shown as its text in brackets. */
const numbers: readonly { readonly text: string; readonly typed: unknown; readonly untyped: unknown }[] = [
  { text: "0", typed: 0, untyped: 0 },
  { text: "-0", typed: 0, untyped: 0 },
  { text: "-1", typed: -1, untyped: -1 },
  { text: "999999999999999", typed: 999999999999999, untyped: 999999999999999 },
  { text: "9007199254740991", typed: 9007199254740991, untyped: 9007199254740991 },
  { text: "9007199254740993", typed: 9007199254740993n, untyped: 9007199254740993n },
  { text: "-9007199254740993", typed: -9007199254740993n, untyped: -9007199254740993n },
  { text: MAX, typed: BigInt(MAX), untyped: BigInt(MAX) },
  { text: MIN, typed: BigInt(MIN), untyped: BigInt(MIN) },
  { text: "9223372036854775808", typed: "[9223372036854775808]", untyped: "[9223372036854775808]" },
  { text: "-9223372036854775809", typed: "[-9223372036854775809]", untyped: "[-9223372036854775809]" },
  { text: "1".repeat(400), typed: `[${"1".repeat(400)}]`, untyped: `[${"1".repeat(400)}]` },
  { text: "1.5", typed: 1.5, untyped: 1.5 },
  { text: "0.5", typed: 0.5, untyped: 0.5 },
  { text: "1.50", typed: "[1.50]", untyped: 1.5 },
  { text: "1.0", typed: "[1.0]", untyped: 1 },
  { text: "1e3", typed: "[1e3]", untyped: 1000 },
  { text: "-1E+3", typed: "[-1E+3]", untyped: -1000 },
  { text: "1e400", typed: "[1e400]", untyped: Number.POSITIVE_INFINITY },
  { text: "9007199254740993.0", typed: "[9007199254740993.0]", untyped: 9007199254740992 },
];
const shown = (value: unknown) => (isJsonNumber(value) ? `[${value}]` : value);
for (const { text, typed, untyped } of numbers) {
  test(`parseJson: the number ${text.slice(0, 30)}`, () => {
    for (const around of [text, `[${text}]`, `{"a": [0.25, {"b":${text}}, "${text}"], "a": [1, {"b": ${text} }, 2]}`]) {
      const got = (keepsNotation: boolean) => {
        const { value } = parseJson(around, { keepsNotation });
        return shown(around === text ? value : Array.isArray(value) ? value[0] : Object(value).a[1].b);
      };
      assert.strictEqual(got(true), typed);
      assert.strictEqual(got(false), untyped);
    }
  });
}

test("parseJson: a string of digits stays one, also beside a large number", () => {
  assert.deepEqual(parseJson(`{"a":"${MAX}","b":" ${MAX} ","c":[0,${MAX}],"d":"0.5"}`).value, {
    a: MAX,
    b: ` ${MAX} `,
    c: [0, BigInt(MAX)],
    d: "0.5",
  });
});

test("parseJson: a large number beside keys that JavaScript reserves, and deep inside", () => {
  const { value } = parseJson(`{"__proto__":{"a":${MAX}},"constructor":${MIN}}`);
  assert.deepEqual(Object.keys(Object(value)), ["__proto__", "constructor"]);
  assert.equal(jsonText(value), `{"__proto__":{"a":${MAX}},"constructor":${MIN}}`);
  const deep = `${"[".repeat(9_999)}${MAX}${"]".repeat(9_999)}`;
  assert.equal(jsonText(parseJson(deep).value), deep);
});

for (const text of ["01", "1.", ".5", "-", "1e", "+1", "1e5e5", `${MAX}0 1`, `[${MAX}-]`, `{"a":${MAX}}}`]) {
  test(`parseJson: ${text} is no JSON`, () => {
    assert.throws(() => parseJson(text), SyntaxError);
    assert.throws(() => parseApiJson(text), SyntaxError);
  });
}

test("parseApiJson and parseJson: any JSON comes back as it was written, integers of 64 bits among it", () => {
  const int64s = fc.bigInt({ min: BigInt(MIN), max: BigInt(MAX) });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      int64s.map(String),
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom("true", "null", "1.5", `"sha256:${"12345678".repeat(8)}"`),
      fc.array(tie("tree"), { maxLength: 4 }).map((items) => `[${items.join()}]`),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4 }).map(
        (map) =>
          `{${Object.entries(map)
            .map(([key, inner]) => `${JSON.stringify(key)}:${inner}`)
            .join()}}`,
      ),
    ),
  }));
  const check = (item: unknown) => {
    const text = `{"item":${String(item)}}`;
    for (const value of [parseApiJson(text), parseJson(text).value, parseJson(text, { keepsNotation: true }).value]) {
      // The order of keys that look like indices is not that of the text.
      assert.equal(jsonText(value), jsonText(JSON.parse(text, exactly)));
    }
    if (hasPlainNumbers(text)) assert.deepEqual(JSON.parse(text), parseJson(text).value);
  };
  fc.assert(fc.property(tree, check), { numRuns: 300 });
});

/** Reads integers by their digits; far too slow, and recursive, but not the code that is tested. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const digits = context?.source ?? "";
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(digits) ? BigInt(digits) : value;
}

test("parseApiJson: an image's digest that begins with digits is no number", () => {
  const text = `{"image":"nginx@sha256:${"1234567890".repeat(6)}abcd","n":1}`;
  assert.deepEqual(parseApiJson(text), JSON.parse(text));
});
