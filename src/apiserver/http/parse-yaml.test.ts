import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { loadYamlParser, parseYaml } from "./parse-yaml.ts";

before(loadYamlParser);

const values: readonly { readonly name: string; readonly text: string; readonly want: unknown }[] = [
  { name: "nothing", text: "", want: null },
  { name: "scalars", text: "[a, 1, 1.5, true, null, '1', ~]", want: ["a", 1, 1.5, true, null, "1", null] },
  {
    name: "integers of 64 bits",
    text: "[9007199254740993, -9223372036854775808, 9223372036854775807, 0x1f, -0, 1.0, 1e3]",
    want: [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 31, 0, 1, 1000],
  },
  {
    name: "a large number for a key",
    text: "9223372036854775808: a\n9007199254740993: b",
    want: { "9223372036854775808": "a", "9007199254740993": "b" },
  },
  { name: "large numbers in JSON", text: '{"a": [9007199254740993, 1.0]}', want: { a: [9007199254740993n, 1] } },
  { name: "keys that are not texts", text: "1: a\ntrue: b\n~: c", want: { 1: "a", true: "b", null: "c" } },
  { name: "an alias", text: "a: &x {b: 1}\nc: *x", want: { a: { b: 1 }, c: { b: 1 } } },
  { name: "an anchor that is set again", text: "- &x 1\n- *x\n- &x 2\n- *x", want: [1, 1, 2, 2] },
  { name: "JSON", text: ' {"a": [1]}', want: { a: [1] } },
  { name: "a flow map that is not JSON", text: "{a: 1}", want: { a: 1 } },
  { name: "a key that JavaScript reserves", text: "__proto__: {a: 1}", want: JSON.parse('{"__proto__":{"a":1}}') },
];
for (const { name, text, want } of values) {
  test(`parseYaml reads ${name}`, () => assert.deepEqual(parseYaml(text), { value: want, duplicates: [] }));
}

test("parseYaml names the lines of keys that occur twice, and the last one counts", () => {
  const text = "a: 1\nb:\n  c: 1\n  c: 2\na: 3";
  assert.deepEqual(parseYaml(text), { value: { a: 3, b: { c: 2 } }, duplicates: ["line 4", "line 5"] });
});

const refused: readonly { readonly name: string; readonly text: string; readonly want: RegExp }[] = [
  { name: "an open list", text: "a: [", want: /^yaml: line 1, column 5: / },
  { name: "two documents", text: "---\na: 1\n---\nb: 2", want: /multiple documents/ },
  { name: "an alias of nothing", text: "a: *x", want: /x/ },
  { name: "an anchor inside itself", text: "a: &x [*x]", want: /^yaml: anchor 'x' value contains itself$/ },
  { name: "a map for a key", text: "? {a: 1}\n: b", want: /^yaml: unsupported map key$/ },
  {
    name: "aliases of aliases",
    text: ["&a0 [x,x,x,x,x,x,x,x,x]", ...Array.from({ length: 9 }, (_, i) => `&a${i + 1} [${`*a${i},`.repeat(9)}]`)]
      .map((item) => `- ${item}`)
      .join("\n"),
    want: /^yaml: document contains excessive aliasing$/,
  },
  {
    name: "a long text behind many aliases",
    text: `- &a ${"x".repeat(100_000)}\n${"- *a\n".repeat(100)}`,
    want: /^yaml: document contains excessive aliasing$/,
  },
  { name: "lists nested too deep", text: "[".repeat(100_000), want: /^yaml: / },
  { name: "dashes nested too deep", text: `${"- ".repeat(100_000)}a`, want: /^yaml: / },
  { name: "question marks nested too deep", text: `${"? ".repeat(100_000)}a`, want: /^yaml: / },
];
for (const { name, text, want } of refused) {
  test(`parseYaml refuses ${name}`, () => {
    assert.throws(
      () => parseYaml(text),
      (error) => error instanceof SyntaxError && want.test(error.message),
    );
  });
}

test("parseYaml reads back any value of any keys", () => {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 1.5, "", "x", "true", "- a", "a: b", "line\nbreak"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("__proto__", "constructor", "toString", "a", "1"), tie("value"), {
        noNullPrototype: true,
        maxKeys: 3,
      }),
    ),
  }));
  fc.assert(fc.property(value, (any) => assert.deepEqual(parseYaml(stringify(any)).value, any)));
});
