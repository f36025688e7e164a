import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** Each part of the system, and the parts it may import. A part may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  api: [],
  lib: [],
  store: ["lib"],
  streaming: ["lib"],
  images: ["lib"],
  client: ["api", "lib"],
  nftables: ["lib"],
  apiserver: ["api", "lib", "store", "streaming", "client"],
  controllers: ["api", "lib", "client"],
  scheduler: ["api", "lib", "client"],
  podnetwork: ["api", "lib", "client", "nftables"],
  proxy: ["api", "lib", "client", "nftables"],
  dns: ["api", "lib", "client", "nftables"],
  kubelet: ["api", "lib", "client", "streaming"],
  forward: ["api", "lib", "client", "streaming"],
  cluster: [
    "api",
    "lib",
    "store",
    "streaming",
    "images",
    "client",
    "apiserver",
    "controllers",
    "scheduler",
    "nftables",
    "podnetwork",
    "proxy",
    "dns",
    "kubelet",
  ],
  cli: ["api", "lib", "client", "images", "cluster", "forward"],
};

/** Decisions live in these: they must not reach for the machine. */
const PURE = /(^src\/api\/|\/plan\.ts$|\/ruleset\.ts$|\/answer\.ts$)/;
/** The walls of the style: tests, declarations of data and test tables may be longer. */
const FILE_LINES_MAX = 400;
const LONG_BY_NATURE = /(\.test\.ts$|\.testing\.ts$)/;
/** Test fakes wire several parts together. */
const MAY_WIRE = /(\.test\.ts$|\.testing\.ts$)/;

const root = path.resolve(import.meta.dirname, "..");
const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file}`);

test("every part has a rule about what it may import", () => {
  const parts = [...new Set(files.map(partOf))].sort();
  assert.deepEqual(parts, Object.keys(mayImport).sort());
});

for (const part of Object.keys(mayImport)) {
  test(`${part} imports only what it may`, () => {
    const wrong = files
      .filter((file) => partOf(file) === part && !MAY_WIRE.test(file))
      .flatMap((file) => relativeImports(file).map((target) => ({ file, target })))
      .filter(({ target }) => target.startsWith("src/") && partOf(target) !== part)
      .filter(({ target }) => !mayImport[part]?.includes(partOf(target)))
      .map(({ file, target }) => `${file} imports ${target}`);
    assert.deepEqual(wrong, []);
  });
}

test("pure files import no module of the machine", () => {
  const wrong = files
    .filter((file) => PURE.test(file) && !MAY_WIRE.test(file))
    .flatMap((file) => imports(file).map((specifier) => ({ file, specifier })))
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
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

function imports(file: string): string[] {
  return [...read(file).matchAll(/^\s*(?:import|export)\b[^;]*?from "([^"]+)"/gm)].flatMap(
    ([, specifier]) => specifier ?? [],
  );
}

function relativeImports(file: string): string[] {
  return imports(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}

function partOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
