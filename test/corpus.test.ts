/** Manifests that people apply: each object whose kind is served is accepted, and applying it again changes nothing. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { builtinKinds } from "../src/api/kinds.ts";
import { apiVersionOf } from "../src/api/resource-reference.ts";
import { upstreamData } from "../src/lib/upstream-data.testing.ts";
import { type KubectlServer, startKubectlServer } from "./corpus/kubectl-server.testing.ts";

const { folder, skip } = upstreamData("CORPUS");

/** Objects of kinds that are not served. When one of them is, its line goes. */
const UNSERVED: Readonly<Record<string, number>> = {
  APIService: 1,
  IngressClass: 1,
  Job: 2,
  MutatingWebhookConfiguration: 1,
  NetworkPolicy: 20,
  StatefulSet: 2,
  StorageClass: 2,
  ValidatingAdmissionPolicy: 1,
  ValidatingAdmissionPolicyBinding: 1,
  ValidatingWebhookConfiguration: 3,
};

interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface ManifestFile {
  readonly name: string;
  readonly served: readonly ManifestObject[];
  readonly unserved: readonly ManifestObject[];
}

/** Not for kubectl as they are: metrics-server's base gets its selectors and labels from kustomize. */
const UNFINISHED = new Set(["metrics-server"]);

/** Written in another notation than what is stored, which kubectl takes for a change each time, here and upstream. */
const RESTATED: readonly string[] = [
  "configmap/ingress-nginx-controller configured", // data: null
  "deployment.apps/ingress-nginx-controller configured", // minReadySeconds: 0
  "deployment.apps/podinfo configured", // cpu: 2000m
];

/** Larger than an annotation may be, in which kubectl keeps what it applied: upstream's servers refuse it, too. */
const TOO_LARGE: ReadonlySet<string> = new Set(["applicationsets.argoproj.io"]);

const served = new Set(builtinKinds.map((kind) => `${apiVersionOf(kind)} ${kind.kind}`));
const files = skip === false ? manifestFiles() : [];
const home = await mkdtemp(path.join(tmpdir(), "corpus-"));
after(() => rm(home, { recursive: true, force: true }));

test("the kinds of the manifests that are not served are these", { skip }, () => {
  const kinds = Object.groupBy(
    files.flatMap(({ unserved }) => unserved),
    ({ kind }) => kind,
  );
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, objects]) => [kind, objects?.length]));
  assert.deepEqual(counts, UNSERVED);
});

for (const { way, check, leftOut } of [
  { way: "kubectl apply", check: appliedTwice, leftOut: TOO_LARGE },
  { way: "kubectl apply --server-side", check: appliedTwiceByTheServer, leftOut: new Set() },
  { way: "kubectl apply --dry-run=server", check: tried, leftOut: TOO_LARGE },
]) {
  test(way, { skip }, async (t) => {
    await using server = await startKubectlServer(home);
    for (const file of files.filter(({ name, served: { length } }) => length > 0 && !UNFINISHED.has(name))) {
      await t.test(file.name, async () => {
        const manifest = path.join(home, `${file.name}.json`);
        const items = file.served.filter(({ metadata }) => !leftOut.has(metadata.name));
        await writeFile(manifest, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
        const context = await server.namespace(file.name, namespacesOf(file));
        await check({ server, context, manifest, count: items.length });
      });
    }
  });
}

interface Check {
  readonly server: KubectlServer;
  /** Words that select a namespace of the file's own for objects that name none. */
  readonly context: readonly string[];
  readonly manifest: string;
  /** How many objects the manifest has. */
  readonly count: number;
}

async function appliedTwice({ server, context, manifest, count }: Check): Promise<void> {
  const stored = () => server.kubectl(...context, "get", "-f", manifest, "-o", "json");
  await server.kubectl(...context, "apply", "-f", manifest);
  const first = await stored();
  const lines = (await server.kubectl(...context, "apply", "-f", manifest)).trim().split("\n");
  assert.equal(lines.length, count);
  assert.deepEqual(
    lines.filter((line) => !line.endsWith(" unchanged") && !RESTATED.includes(line)),
    [],
  );
  assert.deepEqual(JSON.parse(await stored()), JSON.parse(first));
}

async function appliedTwiceByTheServer({ server, context, manifest }: Check): Promise<void> {
  const apply = () => server.kubectl(...context, "apply", "--server-side", "-f", manifest);
  const stored = () => server.kubectl(...context, "get", "-f", manifest, "-o", "json", "--show-managed-fields");
  await apply();
  // An object that is nothing but a name has no owner of its defaulted fields until it is applied again, as upstream.
  await apply();
  const settled = await stored();
  await apply();
  assert.deepEqual(JSON.parse(await stored()), JSON.parse(settled));
}

async function tried({ server, context, manifest, count }: Check): Promise<void> {
  const lines = (await server.kubectl(...context, "apply", "--dry-run=server", "-f", manifest)).trim().split("\n");
  assert.equal(lines.filter((line) => line.endsWith(" (server dry run)")).length, count);
}

function manifestFiles(): readonly ManifestFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => {
    const documents = parseAllDocuments(readFileSync(path.join(folder, name), "utf8"));
    const objects = documents
      .map((document) => document.toJS() as ManifestObject | null)
      .filter((object) => object !== null);
    const isServed = ({ apiVersion, kind }: ManifestObject) => served.has(`${apiVersion} ${kind}`);
    return {
      name: name.replace(/\.yaml$/, ""),
      served: objects.filter(isServed),
      unserved: objects.filter((object) => !isServed(object)),
    };
  });
}

/** Namespaces that the file's objects name. */
function namespacesOf({ served: objects }: ManifestFile): readonly string[] {
  return [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
}
