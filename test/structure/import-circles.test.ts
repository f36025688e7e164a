import assert from "node:assert/strict";
import { test } from "node:test";
import { importCircles } from "./import-circles.testing.ts";
import { importsOf } from "./imports.testing.ts";
import { parseSources } from "./syntax-trees.testing.ts";

/** Each graph as `file>imports`, files are single letters. */
const cases: readonly { readonly name: string; readonly graph: string; readonly want: readonly string[] }[] = [
  { name: "none in a chain", graph: "a>b b>c c>", want: [] },
  { name: "none where two ways lead to one file", graph: "a>bc b>d c>d d>", want: [] },
  { name: "a file that imports itself", graph: "a>a", want: ["a"] },
  { name: "two files", graph: "a>b b>a", want: ["ab"] },
  { name: "three files, and others that lead to them and away", graph: "x>a a>b b>cy c>a y>", want: ["abc"] },
  { name: "two circles", graph: "a>b b>a c>d d>c", want: ["ab", "cd"] },
  { name: "two circles through one file", graph: "a>bc b>a c>a", want: ["ab", "ac"] },
  { name: "files outside the graph do not count", graph: "a>z", want: [] },
];

for (const { name, graph, want } of cases) {
  test(`import circles: ${name}`, () => {
    const edges = graph.split(" ").map((line) => line.split(">"));
    const circles = importCircles(new Map(edges.map(([from = "", to = ""]) => [from, to.split("")])));
    assert.deepEqual(
      circles.map((circle) => circle.join("")),
      want,
    );
  });
}

test("imports of types alone are distinguished from the others", () => {
  const lines = [
    `import { a } from "./value.ts";`,
    `import type { B } from "./type.ts";`,
    `import { type C } from "./inline-type.ts";`,
    `import { type D, d } from "./mixed.ts";`,
    `import e from "./default.ts";`,
    `import * as f from "./namespace.ts";`,
    `import "./effect.ts";`,
    `export { g } from "./export.ts";`,
    `export type { H } from "./export-type.ts";`,
    `export { type I } from "./export-inline-type.ts";`,
    `export * from "./export-all.ts";`,
    `// import { j } from "./comment.ts";`,
    `const k = 'import { k } from "./string.ts";';`,
  ];
  const tree = parseSources({ "imports.ts": lines.join("\n") }).get("imports.ts");
  assert.ok(tree !== undefined);
  assert.deepEqual(
    importsOf(tree).map(({ specifier, isTypeOnly }) => `${specifier}${isTypeOnly ? " (types)" : ""}`),
    [
      "./value.ts",
      "./type.ts (types)",
      "./inline-type.ts (types)",
      "./mixed.ts",
      "./default.ts",
      "./namespace.ts",
      "./effect.ts",
      "./export.ts",
      "./export-type.ts (types)",
      "./export-inline-type.ts (types)",
      "./export-all.ts",
    ],
  );
});
