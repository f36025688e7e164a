import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { importCircles } from "./structure/import-circles.testing.ts";
import { importsOf, lateImportsOf } from "./structure/imports.testing.ts";
import { fileOfImport, packageOf, partImport, readPackages } from "./structure/packages.testing.ts";
import { parseProject } from "./structure/syntax-trees.testing.ts";

/** An import in a source, and who it is for. */
interface SourceImport {
  readonly file: string;
  readonly part: string;
  readonly specifier: string;
  readonly isForTests: boolean;
}

const FOR_TESTS = /\.(?:test|testing)\.ts$/;

const root = path.resolve(import.meta.dirname, "..");
const whole = JSON.parse(read("package.json"));
const packages = readPackages(root);
const imports: readonly SourceImport[] = [...parseProject("src/")].flatMap(([file, tree]) =>
  [...importsOf(tree).map(({ specifier }) => specifier), ...lateImportsOf(tree)].map((specifier) => ({
    ...{ file, specifier, part: partOf(file) },
    isForTests: FOR_TESTS.test(file),
  })),
);

test("a part imports files of its own by path, and what others export by name", () => {
  const wrong = imports.filter(({ file, part, specifier }) => {
    if (specifier.startsWith(".")) return partOf(path.posix.join(path.posix.dirname(file), specifier)) !== part;
    const of = partImport(specifier);
    return of !== undefined && (of.part === part || fileOfImport(packages, file, specifier) === undefined);
  });
  assert.deepEqual(wrong.map(shown), []);
});

test("what runs imports no file that is for tests", () => {
  const wrong = imports.filter(({ file, specifier, isForTests }) => {
    return !isForTests && FOR_TESTS.test(fileOfImport(packages, file, specifier) ?? "");
  });
  assert.deepEqual(wrong.map(shown), []);
});

test("no part needs itself through others", () => {
  const needs = [...packages].map(([part, { dependencies }]) => [part, partsAmong(dependencies)] as const);
  assert.deepEqual(importCircles(new Map(needs)), []);
});

for (const [part, { name, version, dependencies, devDependencies, exports, ...rest }] of packages) {
  test(`${part}: the package is a private one of this release`, () => {
    assert.deepEqual([name, version, rest.private], [`@fairlead/${part}`, whole.version, true]);
    for (const other of partsAmong({ ...dependencies, ...devDependencies })) {
      assert.equal({ ...dependencies, ...devDependencies }[`@fairlead/${other}`], whole.version, other);
    }
  });

  test(`${part}: dependencies are what its sources import, and devDependencies what its tests import besides`, () => {
    const needed = packagesImported(part, false);
    assert.deepEqual(Object.keys(dependencies), needed);
    const besides = packagesImported(part, true).filter((other) => !needed.includes(other));
    assert.deepEqual(Object.keys(devDependencies), besides);
  });

  test(`${part}: what is exported by name is imported elsewhere`, () => {
    const used = new Set(imports.map(({ specifier }) => specifier));
    const idle = Object.keys(exports).filter((key) => !key.includes("*") && !used.has(`${name}/${key.slice(2)}`));
    assert.deepEqual(idle, []);
  });
}

test("ARCHITECTURE.md shows what each part may import", () => {
  const [, table = ""] = /^## Parts, and what they may import\n\n```\n(.*?)```/ms.exec(read("ARCHITECTURE.md")) ?? [];
  const lines = table
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {3,}/));
  const documented = lines.flatMap(([parts = "", needs = ""]) =>
    parts.split(/[, ]+/).map((part) => [part, needs === "nothing" ? [] : needs.split(", ").toSorted()]),
  );
  const declared = [...packages].map(([part, { dependencies }]) => [part, partsAmong(dependencies)]);
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(declared));
});

/** Names of packages, in alphabetical order. */
function packagesImported(part: string, isForTests: boolean): string[] {
  const named = imports.filter((found) => found.part === part && found.isForTests === isForTests);
  const outside = named.filter(({ specifier }) => !/^(?:\.|node:)/.test(specifier));
  return [...new Set(outside.map(({ specifier }) => packageOf(specifier)))].toSorted();
}

function partsAmong(dependencies: Readonly<Record<string, string>>): string[] {
  return Object.keys(dependencies)
    .flatMap((name) => partImport(name)?.part ?? [])
    .toSorted();
}

function shown({ file, specifier }: SourceImport): string {
  return `${file} imports ${specifier}`;
}

function partOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
