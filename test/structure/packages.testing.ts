import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a part's `package.json` says of it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly private: boolean;
  /** What others may import, and the file behind it; `null` for what they may not. */
  readonly exports: Exports;
  /** What runs needs, and what tests need besides. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export type Exports = Readonly<Record<string, string | null>>;

const SCOPE = "@fairlead/";

/** Reads the packages of all parts below `src`, by part. */
export function readPackages(root: string): ReadonlyMap<string, Package> {
  const parts = readdirSync(path.join(root, "src")).toSorted();
  return new Map(parts.map((part) => [part, readPackage(path.join(root, "src", part, "package.json"))]));
}

function readPackage(file: string): Package {
  return { dependencies: {}, devDependencies: {}, ...JSON.parse(readFileSync(file, "utf8")) };
}

/** Splits `@fairlead/api/core/v1/pod/pod` into the part and what of it is imported; undefined for other specifiers. */
export function partImport(specifier: string): { readonly part: string; readonly subpath: string } | undefined {
  if (!specifier.startsWith(SCOPE)) return undefined;
  const [part = "", ...rest] = specifier.slice(SCOPE.length).split("/");
  return { part, subpath: [".", ...rest].join("/") };
}

/** Returns the package that an import of a package names: `@fairlead/api`, `yaml`. */
export function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/**
 * Returns the file behind an import, relative to the package; undefined for what is not exported. An exact name goes before
 * patterns, a pattern before one with less in front of its `*`, as in Node (https://nodejs.org/api/packages.html#subpath-patterns).
 */
export function exportedFile(exports: Exports, subpath: string): string | undefined {
  const exact = exports[subpath];
  if (exact !== undefined) return exact === null ? undefined : path.posix.normalize(exact);
  const [pattern] = Object.keys(exports)
    .filter((key) => matched(key, subpath) !== undefined)
    .toSorted((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length);
  const target = pattern === undefined ? undefined : exports[pattern];
  if (pattern === undefined || target === undefined || target === null) return undefined;
  return path.posix.normalize(target.replaceAll("*", matched(pattern, subpath) ?? ""));
}

/** Returns what stands for the `*` of a pattern. */
function matched(pattern: string, subpath: string): string | undefined {
  const [before = "", after] = pattern.split("*");
  if (after === undefined || subpath.length <= before.length + after.length) return undefined;
  return subpath.startsWith(before) && subpath.endsWith(after)
    ? subpath.slice(before.length, subpath.length - after.length)
    : undefined;
}

/**
 * Returns the file of the project behind an import, relative to the root: `src/api/core/v1/pod/pod.ts`. Undefined for
 * imports of Node's modules and of packages made elsewhere, and for what the package does not export.
 *
 * @param from - The importing file, relative to the root.
 */
export function fileOfImport(
  packages: ReadonlyMap<string, Package>,
  from: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith(".")) return path.posix.join(path.posix.dirname(from), specifier);
  const crossing = partImport(specifier);
  if (crossing === undefined) return undefined;
  const file = exportedFile(packages.get(crossing.part)?.exports ?? {}, crossing.subpath);
  return file === undefined ? undefined : path.posix.join("src", crossing.part, file);
}
