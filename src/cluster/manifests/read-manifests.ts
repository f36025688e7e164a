import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { decodeObject } from "@fairlead/api/codec/decode-object";
import { exactInteger } from "@fairlead/api/codec/json-number";
import type { Kind } from "@fairlead/api/kind";
import { builtinKinds } from "@fairlead/api/kinds";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem } from "@fairlead/lib/file-problem";
import { mapBounded } from "@fairlead/lib/map-bounded";
import { yamlProblem } from "@fairlead/lib/yaml-problem";
import type { CollectionTag, Document, ScalarTag, Tags } from "yaml";
import { parseAllDocuments } from "yaml";

/** One object of a manifest, and where it was written. */
export interface ManifestObject {
  readonly object: Draft<KubeObject> & { readonly apiVersion: string; readonly kind: string };
  /** The file in quotes, and which document of it when it has several: `document 2 of "web.yaml"`. */
  readonly place: string;
}

const MANIFEST_FILE = /\.(ya?ml|json)$/;

/**
 * Reads the objects of files and folders, in order, and checks their names, kinds and fields, so that a misspelt field
 * is found before anything is created.
 *
 * @throws {ExpectedError} for a file that cannot be read, is not YAML, or has an object without a name, of an unknown
 *   kind, with an unknown field or with a value of the wrong type.
 */
export async function readAllManifests(files: readonly string[]): Promise<readonly ManifestObject[]> {
  const manifests = (await Promise.all(files.map(readManifests))).flat();
  for (const manifest of manifests) {
    const kind = kindOf(manifest);
    nameOf(manifest);
    const { error } = decodeObject(kind, manifest.object, { fieldValidation: "Strict" });
    if (error === undefined) continue;
    throw new ExpectedError(`Cannot apply ${whatOf(manifest)}: ${error.message}`, { cause: error });
  }
  return manifests;
}

/** The most files of a folder that are open at once. */
const FILES_MAX = 16;

/** The objects of a file, or of the manifest files in a folder in order of their names. `List` objects are taken apart. */
export async function readManifests(file: string): Promise<ManifestObject[]> {
  const cannotRead = (error: NodeJS.ErrnoException) => {
    throw new ExpectedError(`Cannot read "${file}": ${fileProblem(error)}`, { cause: error });
  };
  const info = await stat(file).catch(cannotRead);
  if (info.isDirectory()) {
    const names = (await readdir(file).catch(cannotRead)).filter((name) => MANIFEST_FILE.test(name)).sort();
    if (names.length === 0) throw new ExpectedError(`Cannot apply "${file}": no .yaml, .yml or .json file is in it`);
    return (await mapBounded(names, FILES_MAX, (name) => readManifests(path.join(file, name)))).flat();
  }
  return parseManifests(await readFile(file, "utf8").catch(cannotRead), file);
}

/**
 * YAML 1.1 as kubectl reads it: `0644` is octal and `yes` is true. Times and numbers with colons stay text there, too.
 *
 * Source: sigs.k8s.io/yaml, which decodes YAML as JSON.
 */
const AS_KUBECTL_READS = {
  version: "1.1",
  prettyErrors: false,
  intAsBigInt: true,
  customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
} as const;

function isTime(tag: CollectionTag | ScalarTag): boolean {
  return tag.tag === "tag:yaml.org,2002:timestamp" || ("format" in tag && tag.format === "TIME");
}

/**
 * Reads the objects of YAML or JSON text.
 *
 * @throws {ExpectedError} with the file's name and what is wrong in it.
 */
export function parseManifests(text: string, file: string): ManifestObject[] {
  const documents = parseAllDocuments(text, AS_KUBECTL_READS);
  return documents.flatMap((document, index) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new ExpectedError(`Cannot read "${file}": ${yamlProblem(text, problem)}`);
    const place = documents.length === 1 ? `"${file}"` : `document ${index + 1} of "${file}"`;
    return objectsOf(contentOf(document, place), place);
  });
}

function contentOf(document: Pick<Document, "toJS">, place: string): unknown {
  try {
    return document.toJS({ reviver: (_, value) => (typeof value === "bigint" ? exactInteger(value) : value) });
  } catch (error) {
    // An alias of nothing, or aliases that would grow to more than memory holds.
    throw new ExpectedError(`Cannot read ${place}: ${(error as Error).message}`, { cause: error });
  }
}

function objectsOf(value: unknown, place: string): ManifestObject[] {
  if (value === null || value === undefined) return [];
  // Only that it is an object is known here; the API server checks the rest.
  const object = value as { readonly apiVersion?: unknown; readonly kind?: unknown; readonly items?: unknown };
  if (typeof object.apiVersion !== "string" || typeof object.kind !== "string") {
    throw new ExpectedError(`Cannot apply ${place}: an object in it has no apiVersion or no kind`);
  }
  if (object.kind === "List" && Array.isArray(object.items))
    return object.items.flatMap((item) => objectsOf(item, place));
  return [{ object: object as ManifestObject["object"], place }];
}

/** @throws {ExpectedError} when the object has no name. */
export function nameOf({ object, place }: ManifestObject): string {
  const name = object.metadata?.name;
  if (name === undefined) throw new ExpectedError(`Cannot apply ${place}: a ${object.kind} in it has no name`);
  return name;
}

/** @throws {ExpectedError} when there is no such kind. */
export function kindOf({ object, place }: ManifestObject): Kind {
  const kind = builtinKinds.find((k) => k.kind === object.kind && apiVersionOf(k) === object.apiVersion);
  if (kind !== undefined) return kind;
  throw new ExpectedError(`Cannot apply ${place}: kind ${object.kind} of ${object.apiVersion} is not supported`);
}

/** Names an object and its place for an error message: `the Pod web in "web.yaml"`. */
export function whatOf(manifest: ManifestObject): string {
  return `the ${manifest.object.kind} ${nameOf(manifest)} in ${manifest.place}`;
}
