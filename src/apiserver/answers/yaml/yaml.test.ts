import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { yamlOf } from "./yaml.ts";

test("YAML: objects, lists, blocks and empty values", () => {
  const value = {
    kind: "ConfigMap",
    apiVersion: "v1",
    data: { script: "#!/bin/sh\n\n  echo 'hi'\n", one: "a: b" },
    list: [{ name: "a", ports: [1, 2] }, "x", [], {}, [["y"]]],
    empty: {},
    none: null,
    at: "2026-01-01T00:00:00Z",
    no: "no",
  };
  const want = `apiVersion: v1
at: "2026-01-01T00:00:00Z"
data:
  one: "a: b"
  script: |
    #!/bin/sh

      echo 'hi'
empty: {}
kind: ConfigMap
list:
- name: a
  ports:
  - 1
  - 2
- x
- []
- {}
- - - "y"
"no": "no"
none: null
`;
  assert.equal(yamlOf(value), want);
});

const awkward = fc.constantFrom(
  ..."y n yes No ON off true null ~ 1 1.5 1e3 0x1f 0o7 0777 1:20 .inf .nan 2001-01-01 << = - ? : # & * ! | > ' % @ `".split(
    " ",
  ),
  "",
  " ",
  "- a",
  "a: b",
  "a #b",
  "\n",
  "a\n",
  "a\n\n",
  "a\nb",
  " a\nb\n",
  "\na",
  "a\n  b\n",
  "a \nb",
  "a\tb\nc",
  "a\r\nb",
  "---",
  "...",
  "\u0085",
  "\u2028x",
  "\ufeffx",
  "\u{1f600}",
  "\x7f",
  "__proto__",
);
const texts = fc.oneof(awkward, fc.string({ unit: "binary" }), fc.string());
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(texts, tie("value"), { maxKeys: 4 }),
  ),
})).value;

for (const version of ["1.1", "1.2"] as const) {
  test(`YAML: what is written is read back by YAML ${version}`, () => {
    fc.assert(
      fc.property(json, (value) => {
        const read: unknown = parse(yamlOf(value), { version, schema: version === "1.1" ? "yaml-1.1" : "core" });
        assert.deepEqual(JSON.stringify(sorted(read)), JSON.stringify(sorted(value)));
      }),
      { numRuns: 1_000, examples: [[[{ E0: {} }]], [["e+1", "E-12"]]] },
    );
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
