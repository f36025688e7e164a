import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { yamlProblem } from "./yaml-problem.ts";

const cases: { name: string; text: string; want: RegExp }[] = [
  { name: "a bracket that is never closed", text: "kind: Pod\nlist: [a\n", want: /^line 2, column 8: Flow sequence/ },
  { name: "the same before blank lines", text: "kind: Pod\nlist: [a\n\n \n\n", want: /^line 2, column 8: / },
  { name: "a quote that is never closed", text: 'kind: "Pod\n\n', want: /^line 1, column 10: Missing closing/ },
  { name: "a mapping in a scalar", text: "a: 1\nb: c: d\ne: 2\n", want: /^line 2, column 4: Nested mappings/ },
  { name: "a key that is there twice", text: "a: 1\na: 2\n", want: /^line 2, column 1: Map keys must be unique$/ },
  { name: "a tab as indentation", text: "\ta: 1\n", want: /^line 1, column 1: Tabs/ },
  { name: "lines that end as on Windows", text: "a: 1\r\nb: [\r\n\r\n", want: /^line 2, column 4: / },
  { name: "a later document", text: "a: 1\n---\nb: {\n", want: /^line 3, column 4: / },
];

for (const { name, text, want } of cases) {
  test(`the message has the place of ${name}`, () => assert.match(problem(text) ?? "", want));
}

test("the place is always a line of the text", () => {
  const pieces = fc.array(fc.constantFrom("a: ", "[", "{", '"', "\n", "\t", "- ", "b", "---\n", "\r\n", " "));
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join("");
      const line = Number(/^line (\d+)/.exec(problem(text) ?? "line 1")?.[1]);
      assert.ok(line >= 1 && line <= Math.max(1, text.trimEnd().split(/\r\n|\r|\n/).length), `line ${line} of ${text}`);
    }),
  );
});

/** The first error of a text; undefined when it is YAML. */
function problem(text: string): string | undefined {
  const [error] = parseAllDocuments(text, { prettyErrors: false }).flatMap(({ errors }) => errors);
  return error && yamlProblem(text, error);
}
