/** The tutorials in both languages, and what they show of the examples. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parsePage } from "./page.testing.ts";

const root = path.resolve(import.meta.dirname, "../..");
const folder = path.join(root, "docs/tutorials");
const files = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
const names = files.filter((file) => !file.endsWith(".ko.md")).map((file) => file.replace(".md", ""));
const manifests = readdirSync(path.join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.ya?ml$/.test(file))
  .map((file) => readFileSync(path.join(root, "examples", file), "utf8"));
const index = readFileSync(path.join(folder, "README.md"), "utf8");

test("there are tutorials, each in English and in Korean", () => {
  assert.ok(names.length > 0);
  assert.deepEqual(files.sort(), names.flatMap((name) => [`${name}.ko.md`, `${name}.md`]).sort());
});

for (const name of names) {
  const english = parsePage(read(`${name}.md`));
  const korean = parsePage(read(`${name}.ko.md`));

  test(`${name}: both languages have the same sections, and show the same in them`, () => {
    const shown = ({ sections, transcripts, manifests: yaml }: typeof english) => ({
      steps: sections.map(({ steps }) => steps.map(({ typed }) => typed)),
      transcripts,
      yaml,
    });
    assert.deepEqual(shown(korean), shown(english));
  });

  test(`${name}: each language leads to the other, and the index to both`, () => {
    assert.ok(read(`${name}.md`).includes(`(${name}.ko.md)`));
    assert.ok(read(`${name}.ko.md`).includes(`(${name}.md)`));
    for (const file of [`${name}.md`, `${name}.ko.md`]) assert.ok(index.includes(`(${file})`), `no link to ${file}`);
  });

  test(`${name}: every piece of YAML is in an example`, () => {
    assert.deepEqual(
      english.manifests.filter((piece) => !manifests.some((manifest) => isPiece(piece, manifest))),
      [],
    );
  });

  test(`${name}: the page is typed by a test, from making the cluster to taking it away`, () => {
    const source = readFileSync(path.join(root, `test/lab/tutorials/${name}.test.ts`), "utf8");
    assert.match(source, new RegExp(`name: "${name}"`));
    const typed = english.sections.flatMap(({ steps }) => steps.map((step) => step.typed));
    assert.match(typed[0] ?? "", /^\.\/fairlead up( |$)/);
    assert.equal(typed.at(-1), "./fairlead down");
  });
}

/** A page shows a piece without the indentation that all its lines have in the file. */
function isPiece(piece: string, manifest: string): boolean {
  return [0, 2, 4, 6, 8, 10].some((indentation) => {
    const indented = piece.replaceAll(/^(?=.)/gm, " ".repeat(indentation));
    return `\n${manifest}`.includes(`\n${indented}\n`);
  });
}

function read(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}
