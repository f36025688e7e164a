import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { SourceFile } from "typescript/unstable/ast";
import { builtinKinds } from "../src/api/kinds.ts";
import { bannedPhrases } from "./structure/banned-phrases.testing.ts";
import { importCircles } from "./structure/import-circles.testing.ts";
import { importsOf } from "./structure/imports.testing.ts";
import { impurities } from "./structure/impurities.testing.ts";
import { fileOfImport, readPackages } from "./structure/packages.testing.ts";
import { parseProject } from "./structure/syntax-trees.testing.ts";

/** Files that decide, by their names and by folders in which every file decides: what they answer depends on their arguments alone. */
const DECIDING: readonly RegExp[] = [
  /^src\/api\//,
  /(?:\/|-)(?:plan|ruleset|verdict)\.ts$/,
  /\/plan-[^/]+\.ts$/,
  /\/(?:schedule|answer)\.ts$/,
  /^src\/apiserver\/(?:authz|http\/protobuf|tables)\//,
  /^src\/controllers\/deployment\/(?:replicasets|status|steps)\//,
  /^src\/controllers\/service-pods\//,
  /^src\/dns\/(?:config|corefile|wire)\//,
  /^src\/kubelet\/(?:env|network-files|resources|sync|pods\/admission)\//,
  /^src\/nftables\/(?:words|changes|text)\//,
  /\/ruleset\//,
  /^src\/scheduler\/(?:filters|queue|scores|state)\//,
];
/** Impure by the letter, for the reason given: files that decide may import them. */
const COMPUTES_ALL_THE_SAME: ReadonlyMap<string, string> = new Map([
  ["src/cli/parse-command-line.ts", "node:util's parseArgs splits the words it is given"],
]);
/** Parts of a kind that its schema must not load, so that all of them can import the schema. */
const MORE_THAN_SCHEMA = /(?:-(?:defaults|columns|warnings)\.ts|\/validate-[^/]+\.ts|^src\/api\/kind\.ts)$/;
/** Where sources and documents of the project are; the documents of the root are among them. */
const FOLDERS_OF_PROSE = [".", "bench", "docs", "examples", "src", "test"];
const SHOWS_BANNED_PHRASES = /^test\/structure\/banned-phrases\./;
/** The walls of the style: tests, declarations of data and test tables may be longer. */
const FILE_LINES_MAX = 400;
const LONG_BY_NATURE = /(\.test\.ts$|\.testing\.ts$)/;
/** Test fakes wire several parts together. */
const MAY_WIRE = /(\.test\.ts$|\.testing\.ts$)/;

/** Rooms of src/nftables, and the rooms each may import; the fake is for tests. */
const roomsOfNftables: Readonly<Record<string, readonly string[]>> = {
  words: [],
  changes: ["words"],
  text: ["words", "changes"],
  kernel: ["words", "changes", "text"],
};
/** Says what must be installed. */
const NAMES_NFT: readonly string[] = ["src/cluster/preflight/packages.ts"];
/** Commands, blocks, conditions, verdicts, actions and keys as nft reads them, inside a string, and the program's name. */
const NFT_TEXT: readonly RegExp[] = [
  /["'`](?:add|create|insert|replace|flush|delete|destroy|list|reset|monitor) (?:tables?|chains?|rules?|sets?|maps?|element|ruleset|counters?)\b/,
  /["'`]\s*table (?:ip6?|inet|\$\{)/,
  /["'`][^"'`]*\b(?:saddr|daddr|iifname|oifname|vmap|l4proto|nftrace|dnat to|type nat hook|type filter hook)\b/,
  /["'`][^"'`]*\bct (?:state|status|original)\b/,
  /["'`](?:goto|jump) /,
  /["'`](?:masquerade fully-random|reject with )/,
  /["'`] \. ["'`]/,
  /"nft"/,
];

const root = path.resolve(import.meta.dirname, "..");
const packages = readPackages(root);
const trees = parseProject("src/");
const files = [...trees.keys()];
const shipped = files.filter((file) => !MAY_WIRE.test(file));
/** What each file needs when it runs. Files that import one another's types alone make no circle: nothing is loaded for it. */
const loads = new Map(shipped.map((file) => [file, importedFiles(file, { withTypes: false })]));
/** What makes each file impure: empty for most. */
const impure = new Map(shipped.map((file) => [file, impuritiesOf(file)]));

test("the rule for files that decide fits the tree: each line of it names some", () => {
  const idle = DECIDING.filter((pattern) => !shipped.some((file) => pattern.test(file)));
  assert.deepEqual(idle, []);
  assert.deepEqual(
    [...COMPUTES_ALL_THE_SAME.keys()].filter((file) => impure.get(file)?.length === 0),
    [],
  );
});

test("files that decide have no clock, timer, randomness, I/O or async", () => {
  assert.deepEqual(
    shipped.filter(decides).flatMap((file) => impure.get(file) ?? []),
    [],
  );
});

test("files that decide load none that have", () => {
  const wrong = shipped.filter(decides).flatMap((file) =>
    [...loadedBy(file)]
      .filter((other) => other !== file && !decides(other) && !COMPUTES_ALL_THE_SAME.has(other))
      .flatMap((other) => impure.get(other) ?? [])
      .map((what) => `${file} loads ${what}`),
  );
  assert.deepEqual(wrong, []);
});

for (const [room, others] of Object.entries(roomsOfNftables)) {
  test(`nftables/${room} imports only the rooms that it may`, () => {
    const wrong = shipped
      .filter((file) => file.startsWith(`src/nftables/${room}/`))
      .flatMap((file) => importedFiles(file, { withTypes: true }).map((target) => ({ file, target })))
      .filter(({ target }) => partOf(target) === "nftables" && ![room, ...others].includes(target.split("/")[2] ?? ""))
      .map(({ file, target }) => `${file} imports ${target}`);
    assert.deepEqual(wrong, []);
  });
}

test("nftables has no other rooms, and no files beside them", () => {
  const rooms = files.filter((file) => partOf(file) === "nftables").map((file) => file.split("/")[2] ?? "");
  assert.deepEqual([...new Set(rooms)].toSorted(), [...Object.keys(roomsOfNftables), "fake"].toSorted());
});

test("no part but nftables writes text for nft or runs it", () => {
  const wrong = shipped
    .filter((file) => partOf(file) !== "nftables" && !NAMES_NFT.includes(file))
    .flatMap((file) => nftText(read(file)).map((text) => `${file}: ${text}`));
  assert.deepEqual(wrong, []);
});

const nftLines: { name: string; source: string; isText: boolean }[] = [
  { name: "a command", source: 'run(["add table ip t"])', isText: true },
  { name: "a command with a table's name filled in", source: "`flush set $'{table} $'{name}`", isText: true },
  { name: "a list", source: "nft.list('list tables')", isText: true },
  { name: "a block", source: '"table ip fairlead {"', isText: true },
  { name: "a condition", source: "`ip saddr @pods drop`", isText: true },
  { name: "a condition of connection tracking", source: '"ct state new"', isText: true },
  { name: "a verdict", source: "`goto $'{chain}`", isText: true },
  { name: "an action", source: '"masquerade fully-random"', isText: true },
  { name: "a joined key", source: '[address, port].join(" . ")', isText: true },
  { name: "the program", source: 'runCommand("nft", [])', isText: true },
  { name: "prose in a comment", source: "// nft would add table ip t here, and goto x", isText: false },
  { name: "a value of the vocabulary", source: '{ do: "goto", chain: "c" }', isText: false },
  { name: "a message", source: '"Cannot write the table of Services"', isText: false },
];

for (const { name, source, isText } of nftLines) {
  test(`text for nft: ${name} is ${isText ? "" : "not "}found`, () => {
    assert.equal(nftText(source.replaceAll("$'{", "${")).length > 0, isText);
  });
}

test("no file imports itself, directly or through others", () => {
  assert.deepEqual(circlesOf(loads), []);
});

test("no file of api imports itself, not even for types", () => {
  const ofApi = shipped.filter((file) => partOf(file) === "api");
  assert.deepEqual(circlesOf(new Map(ofApi.map((file) => [file, importedFiles(file, { withTypes: true })]))), []);
});

test("each kind lies in a folder of its name: the schema, and the kind that joins it with the rest", () => {
  const ofKinds = loadedBy("src/api/kinds.ts");
  for (const { group, version, kind } of builtinKinds) {
    const name = kind.toLowerCase();
    const folder = path.posix.join("src/api", group.split(".")[0] || "core", version, name);
    const joining = `${folder}/${name}.ts`;
    assert.ok(ofKinds.has(joining), `${joining} is not there, or not in kinds.ts`);
    assert.ok(loads.get(joining)?.includes(`${folder}/${name}-schema.ts`), `${joining} imports no schema of its own`);
  }
});

test("the schema of a kind loads no defaults, columns, warnings, validation or kind", () => {
  const schemas = shipped.filter((file) => /^src\/api\/.*-schema\.ts$/.test(file));
  assert.ok(schemas.length >= builtinKinds.length);
  const wrong = schemas.flatMap((file) =>
    [...loadedBy(file)].filter((other) => MORE_THAN_SCHEMA.test(other)).map((other) => `${file} loads ${other}`),
  );
  assert.deepEqual(wrong, []);
});

test("no comment, message or document uses a banned phrase", () => {
  const wrong = FOLDERS_OF_PROSE.flatMap(textFiles)
    .filter((file) => !SHOWS_BANNED_PHRASES.test(file))
    .flatMap((file) => bannedPhrases(read(file)).map((found) => `${file}:${found}`));
  assert.deepEqual(wrong, []);
});

test("no file is longer than its wall", () => {
  const wrong = files
    .filter((file) => !LONG_BY_NATURE.test(file))
    .map((file) => ({ file, lines: read(file).split("\n").length - 1 }))
    .filter(({ lines }) => lines > FILE_LINES_MAX)
    .map(({ file, lines }) => `${file} has ${lines} lines`);
  assert.deepEqual(wrong, []);
});

function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  return importCircles(graph).map((circle) => [...circle, circle[0]].join(" -> "));
}

/** The text for nft in a source, comments left out. */
function nftText(source: string): string[] {
  const code = source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "");
  return NFT_TEXT.flatMap((pattern) => pattern.exec(code)?.[0] ?? []);
}

function decides(file: string): boolean {
  return DECIDING.some((pattern) => pattern.test(file));
}

function impuritiesOf(file: string): string[] {
  return impurities(treeOf(file)).map(({ line, what }) => `${file}:${line}: ${what}`);
}

/** The file and everything that is loaded for it. */
function loadedBy(file: string): Set<string> {
  const found = new Set([file]);
  for (const next of found) for (const target of loads.get(next) ?? []) found.add(target);
  return found;
}

/** Files of the project that a file imports, of its own part and of others. */
function importedFiles(file: string, { withTypes }: { withTypes: boolean }): string[] {
  return importsOf(treeOf(file))
    .filter(({ isTypeOnly }) => withTypes || !isTypeOnly)
    .flatMap(({ specifier }) => fileOfImport(packages, file, specifier) ?? []);
}

function treeOf(file: string): SourceFile {
  const tree = trees.get(file);
  if (tree === undefined) throw new Error(`There is no syntax tree of "${file}"`);
  return tree;
}

/** Sources and documents in a folder and those below it; of the root only its own. */
function textFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: folder !== ".", encoding: "utf8" })
    .filter((file) => /\.(?:ts|md)$/.test(file))
    .map((file) => path.join(folder, file));
}

function partOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
