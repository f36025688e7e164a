import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { CollectionTag, Document, ScalarTag, Tags } from "yaml";
import { parseAllDocuments } from "yaml";
import type { Kind, KubeObject } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/kind.ts";
import { builtinKinds } from "../../api/kinds.ts";
import type { Draft } from "../../api/schema.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Client, ObjectKey } from "../../client/client.ts";
import { ExpectedError } from "../../lib/expected-error.ts";
import { withLastApplied } from "./last-applied.ts";
import { awaitedOf } from "./readiness.ts";

/** What was applied, and how to ask after it. */
export interface Applied {
  /** How many of the objects take a while: pods, and what makes pods. */
  readonly awaited: number;
  /** What is missing until all that was applied is Ready; undefined when nothing is. */
  notReady(client: Client): Promise<string | undefined>;
}

/** One object of a manifest, and where it was written. */
export interface ManifestObject {
  readonly object: Draft<KubeObject> & { readonly apiVersion: string; readonly kind: string };
  readonly file: string;
}

/**
 * Creates the objects of the manifests, or brings them up to date, in the order in which they are written: with
 * server-side apply, so that what is no longer in a manifest goes.
 *
 * One that is refused ends it: what is before it has been applied.
 *
 * They carry the annotation that `kubectl apply` compares with, so that applying the same file again changes nothing.
 *
 * @throws {ExpectedError} with the object that is refused, its file and why.
 */
export async function applyManifests(
  client: Client,
  manifests: readonly ManifestObject[],
  signal: AbortSignal,
): Promise<Applied> {
  const written: { readonly kind: Kind; readonly key: ObjectKey }[] = [];
  for (const manifest of manifests) {
    const kind = kindOf(manifest);
    written.push({ kind, key: await applyObject(client, kind, manifest, signal) });
  }
  const slow = written.filter(({ kind }) => awaitedOf(kind) !== undefined);
  return {
    awaited: slow.length,
    async notReady(asked) {
      const found = await Promise.all(
        slow.map(async ({ kind, key }) => ({ kind, object: await asked.get(kind, key) })),
      );
      const missing = found.flatMap(({ kind, object }) => awaitedOf(kind)?.missing(object) ?? []);
      return missing.length === 0 ? undefined : missing.join(", ");
    },
  };
}

async function applyObject(
  client: Client,
  kind: Kind,
  manifest: ManifestObject,
  signal: AbortSignal,
): Promise<ObjectKey> {
  const { object } = manifest;
  const namespace = kind.namespaced ? (object.metadata?.namespace ?? "default") : undefined;
  const name = nameOf(manifest);
  const draft = withLastApplied(object, namespace);
  // Forced: the file says what is to be, whoever has changed it meanwhile.
  const options = { fieldManager: "fairlead", force: true, signal };
  await client.patch(kind, { namespace, name }, "apply", draft, options).catch((error: unknown) => {
    if (!(error instanceof StatusError)) throw error;
    const what = `the ${kind.kind} ${name} of "${manifest.file}"`;
    throw new ExpectedError(`Cannot apply ${what}: ${error.message}`, { cause: error });
  });
  return { namespace, name };
}

const MANIFEST_FILE = /\.(ya?ml|json)$/;

/**
 * The objects of files and folders, in order.
 *
 * @throws {ExpectedError} for a file that cannot be read, is not YAML, or has an object without a name or of no known kind.
 */
export async function readAllManifests(files: readonly string[]): Promise<readonly ManifestObject[]> {
  const manifests = (await Promise.all(files.map(readManifests))).flat();
  for (const manifest of manifests) {
    kindOf(manifest);
    nameOf(manifest);
  }
  return manifests;
}

/** The objects of a file, or of the manifest files in a folder in order of their names. `List` objects are taken apart. */
export async function readManifests(file: string): Promise<ManifestObject[]> {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new ExpectedError(`Cannot read "${file}": there is no such file or folder`);
    throw error;
  });
  if (info.isDirectory()) {
    const names = (await readdir(file)).filter((name) => MANIFEST_FILE.test(name)).sort();
    if (names.length === 0) throw new ExpectedError(`Cannot apply "${file}": no .yaml, .yml or .json file is in it`);
    return (await Promise.all(names.map((name) => readManifests(path.join(file, name))))).flat();
  }
  return parseManifests(await readFile(file, "utf8"), file);
}

/**
 * YAML 1.1 as kubectl reads it: `0644` is octal and `yes` is true. Times and numbers with colons stay text there, too.
 *
 * Source: sigs.k8s.io/yaml, which decodes YAML as JSON.
 */
const AS_KUBECTL_READS = {
  version: "1.1",
  customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
} as const;

function isTime(tag: CollectionTag | ScalarTag): boolean {
  return tag.tag === "tag:yaml.org,2002:timestamp" || ("format" in tag && tag.format === "TIME");
}

/** @throws {ExpectedError} with the file's name and what is wrong in it. */
export function parseManifests(text: string, file: string): ManifestObject[] {
  return parseAllDocuments(text, AS_KUBECTL_READS).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new ExpectedError(`Cannot read "${file}": ${problem.message}`);
    return objectsOf(contentOf(document, file), file);
  });
}

function contentOf(document: Pick<Document, "toJS">, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias of nothing, or aliases that would grow to more than memory holds.
    throw new ExpectedError(`Cannot read "${file}": ${(error as Error).message}`, { cause: error });
  }
}

function objectsOf(value: unknown, file: string): ManifestObject[] {
  if (value === null || value === undefined) return [];
  // Only that it is an object is known here; the API server checks the rest.
  const object = value as { readonly apiVersion?: unknown; readonly kind?: unknown; readonly items?: unknown };
  if (typeof object.apiVersion !== "string" || typeof object.kind !== "string") {
    throw new ExpectedError(`Cannot apply "${file}": an object in it has no apiVersion or no kind`);
  }
  if (object.kind === "List" && Array.isArray(object.items))
    return object.items.flatMap((item) => objectsOf(item, file));
  return [{ object: object as ManifestObject["object"], file }];
}

function nameOf({ object, file }: ManifestObject): string {
  const name = object.metadata?.name;
  if (name === undefined) throw new ExpectedError(`Cannot apply "${file}": a ${object.kind} in it has no name`);
  return name;
}

function kindOf({ object, file }: ManifestObject): Kind {
  const kind = builtinKinds.find((k) => k.kind === object.kind && apiVersionOf(k) === object.apiVersion);
  if (kind !== undefined) return kind;
  throw new ExpectedError(`Cannot apply "${file}": kind ${object.kind} of ${object.apiVersion} is not supported`);
}
