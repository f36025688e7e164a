import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { builtinKinds } from "@fairlead/api/kinds";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { upstreamData } from "@fairlead/lib/upstream-data.testing";
import { openApiV3 } from "./v3.ts";

const { folder: published, skip } = upstreamData("OPENAPI");

/** The part of a document that is compared. */
interface Document {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
type PathItem = Readonly<Record<string, Operation>> & { readonly parameters?: readonly Parameter[] };
interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly "x-kubernetes-action"?: string;
  readonly "x-kubernetes-group-version-kind"?: object;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type: string };
}
type Content = Readonly<Record<string, { readonly schema: { readonly $ref?: string; readonly type?: string } }>>;
interface Schema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What upstream has in an operation and this server does not, and why. */
const reasons: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: / type application\/(cbor|cbor-seq|apply-patch\+cbor)(;|$)/,
    why: "no CBOR",
  },
  { pattern: / query ignoreStoreReadErrorWithClusterBreakingPotential /, why: "an alpha feature that is not there" },
  { pattern: / query insecureSkipTLSVerifyBackend /, why: "kubelets are always verified" },
];

const groupVersions = [...new Set(builtinKinds.map(apiVersionOf))];
const known = new Set<string>();

for (const groupVersion of groupVersions) {
  test(`operations of ${groupVersion} are upstream's`, { skip }, () => {
    // The document as clients read it.
    const ours: Document = JSON.parse(JSON.stringify(openApiV3(builtinKinds, groupVersion, "v1.35.0")));
    const theirs = publishedDocument(groupVersion);
    const differences = [...missing(ours, theirs, groupVersion), ...compared(ours, theirs)];
    assert.deepEqual(differences.filter(unexplained), []);
  });
}

test("every reason for a difference is needed", { skip }, () => {
  assert.deepEqual(
    reasons.filter(({ pattern }) => !known.has(String(pattern))).map(({ pattern }) => String(pattern)),
    [],
  );
});

function unexplained(difference: string): boolean {
  const reason = reasons.find(({ pattern }) => pattern.test(difference));
  if (reason !== undefined) known.add(String(reason.pattern));
  return reason === undefined;
}

function publishedDocument(groupVersion: string): Document {
  const file = groupVersion.includes("/") ? `apis/${groupVersion}.json` : `api/${groupVersion}.json`;
  return JSON.parse(readFileSync(path.join(published, file), "utf8"));
}

/** Operations that upstream has on kinds that are served. */
function* missing(ours: Document, theirs: Document, groupVersion: string): Generator<string> {
  const plurals = new Set(builtinKinds.filter((kind) => apiVersionOf(kind) === groupVersion).map((k) => k.plural));
  for (const [at, item] of Object.entries(theirs.paths)) {
    const parts = at.split("/").filter((part) => part !== "");
    if (!parts.some((part, index) => plurals.has(part) && index > 1)) continue;
    // A resource of another kind below a namespace is not the Namespace's.
    const inNamespace = /\/namespaces\/\{namespace\}\/([^/]+)/.exec(at)?.[1];
    if (inNamespace !== undefined && !plurals.has(inNamespace)) continue;
    for (const method of methodsOf(item)) {
      if (ours.paths[at]?.[method] === undefined) yield `${method} ${at} is missing`;
    }
  }
}

function* compared(ours: Document, theirs: Document): Generator<string> {
  for (const [at, item] of Object.entries(ours.paths)) {
    const other = theirs.paths[at];
    for (const method of methodsOf(item)) {
      const [own, upstream] = [item[method], other?.[method]];
      if (own === undefined || upstream === undefined) {
        yield `${method} ${at} is not upstream's`;
        continue;
      }
      const [a, b] = [facts(own, item.parameters), facts(upstream, other?.parameters)];
      for (const fact of a) if (!b.has(fact)) yield `${method} ${at} says${fact}`;
      for (const fact of b) if (!a.has(fact)) yield `${method} ${at} does not say${fact}`;
    }
  }
  for (const name of ["Status", "StatusDetails", "StatusCause", "WatchEvent", "APIResourceList", "APIResource"]) {
    const full = `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;
    const [own, upstream] = [ours.components.schemas[full], theirs.components.schemas[full]];
    if (upstream === undefined) continue;
    const shape = (schema: Schema | undefined) =>
      JSON.stringify([Object.keys(schema?.properties ?? {}).sort(), [...(schema?.required ?? [])].sort()]);
    if (shape(own) !== shape(upstream)) yield `${name} is ${shape(own)}, upstream ${shape(upstream)}`;
  }
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

function methodsOf(item: PathItem): readonly string[] {
  return Object.keys(item).filter((key) => METHODS.includes(key));
}

/** What an operation says, one sentence each; without what is said in our own words. */
function facts(operation: Operation, shared: readonly Parameter[] = []): ReadonlySet<string> {
  const { requestBody, responses } = operation;
  const gvk = operation["x-kubernetes-group-version-kind"];
  return new Set([
    ` id ${operation.operationId}`,
    ` tags ${operation.tags}`,
    ` action ${operation["x-kubernetes-action"]}`,
    ` kind ${gvk === undefined ? "none" : JSON.stringify(Object.entries(gvk).sort())}`,
    ...[...shared, ...(operation.parameters ?? [])].map(
      (one) => ` ${one.in} ${one.name} ${one.schema.type}${one.required === true ? " required" : ""}`,
    ),
    ...(requestBody === undefined
      ? []
      : contentFacts(`body${requestBody.required === true ? " required" : ""}`, requestBody.content)),
    ...Object.entries(responses).flatMap(([code, { content = {} }]) => [` ${code}`, ...contentFacts(code, content)]),
  ]);
}

function contentFacts(what: string, content: Content): readonly string[] {
  return Object.entries(content).map(([type, { schema }]) => ` ${what} ${schema.$ref ?? schema.type} type ${type}`);
}
