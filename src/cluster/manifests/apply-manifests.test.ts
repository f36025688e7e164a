import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { promisify } from "node:util";
import { configMapKind } from "../../api/core/v1/configmap.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import { serviceKind } from "../../api/core/v1/service.ts";
import { clientCertificateAuthenticator } from "../../apiserver/authn/client-certificate-authenticator.ts";
import { listen } from "../../apiserver/http/listen.ts";
import { startTestApiServer } from "../../apiserver/testing/start-test-server.testing.ts";
import { withContext } from "../../client/kubeconfig/edit-kubeconfig.ts";
import { silentLogger } from "../../lib/log.ts";
import { temporaryFolder } from "../cluster.testing.ts";
import { createCertificateAuthority } from "../pki/certificate-authority.ts";
import { applyManifests, parseManifests, readAllManifests, readManifests } from "./apply-manifests.ts";

const MANIFEST = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
# Nothing but a comment.
---
apiVersion: v1
kind: Pod
metadata: { name: web-1, labels: { app: web, "10": ten, "9": nine } }
spec:
  containers:
    - { name: main, image: web, args: ["<a> & <b>", "\\u2028 \u{1f600} é"] }
`;

const parsed: { name: string; text: string; want: string[] }[] = [
  { name: "an empty file", text: "", want: [] },
  { name: "documents, one of them a comment", text: MANIFEST, want: ["v1 Service web", "v1 Pod web-1"] },
  { name: "JSON", text: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}', want: ["v1 Pod a"] },
  {
    name: "a List, and a List in it",
    text: "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}, {apiVersion: v1, kind: List, items: []}]}",
    want: ["v1 Pod a"],
  },
];
for (const { name, text, want } of parsed) {
  test(`parseManifests reads ${name}`, () => {
    assert.deepEqual(
      parseManifests(text, "a.yaml").map(
        ({ object }) => `${object.apiVersion} ${object.kind} ${object.metadata?.name}`,
      ),
      want,
    );
  });
}

const refused: { name: string; text: string; want: RegExp }[] = [
  { name: "what is not YAML", text: "a: [", want: /^Cannot read "a\.yaml": / },
  { name: "a key that is there twice", text: "{a: 1, a: 2}", want: /unique/ },
  { name: "an object without a kind", text: "apiVersion: v1", want: /no apiVersion or no kind/ },
  { name: "a scalar", text: "5", want: /no apiVersion or no kind/ },
  {
    name: "an item without a kind",
    text: "{apiVersion: v1, kind: List, items: [{}]}",
    want: /no apiVersion or no kind/,
  },
  { name: "an alias of nothing", text: "a: *b", want: /^Cannot read "a\.yaml": .*b/ },
];
for (const { name, text, want } of refused) {
  test(`parseManifests refuses ${name}`, () => {
    assert.throws(() => parseManifests(text, "a.yaml"), { name: "ExpectedError", message: want });
  });
}

const scalars: { text: string; want: unknown }[] = [
  { text: "0644", want: 420 },
  { text: "yes", want: true },
  { text: "off", want: false },
  { text: "2001-01-01", want: "2001-01-01" },
  { text: "12:30:45", want: "12:30:45" },
  { text: "1_000", want: 1000 },
  { text: '"0644"', want: "0644" },
  { text: "~", want: null },
];
for (const { text, want } of scalars) {
  test(`${text} is ${JSON.stringify(want)}, as kubectl reads it`, () => {
    const [found] = parseManifests(`{apiVersion: v1, kind: Pod, spec: {value: ${text}}}`, "a.yaml");
    assert.deepEqual((found?.object as { spec?: unknown } | undefined)?.spec, { value: want });
  });
}

test("of a folder the manifest files are read, by name", async (t) => {
  const folder = await temporaryFolder(t);
  for (const name of ["b.yaml", "a.yml", "c.json", "README.md"]) {
    await writeFile(
      path.join(folder, name),
      JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: name[0] } }),
    );
  }
  const found = await readManifests(folder);
  assert.deepEqual(
    found.map(({ object, file }) => `${object.metadata?.name} ${path.basename(file)}`),
    ["a a.yml", "b b.yaml", "c c.json"],
  );
});

test("a missing file and a folder without manifests are refused by name", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, "empty"));
  await assert.rejects(readManifests(path.join(folder, "none.yaml")), {
    name: "ExpectedError",
    message: /no such file/,
  });
  await assert.rejects(readManifests(path.join(folder, "empty")), { name: "ExpectedError", message: /no \.yaml/ });
});

async function startServer(t: TestContext) {
  const api = await startTestApiServer({ authenticators: [clientCertificateAuthenticator] });
  t.after(() => api.stop());
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "web.yaml");
  await writeFile(file, MANIFEST);
  return { api, client: api.client(), folder, file };
}

const never = new AbortController().signal;

test("what is applied twice is there once, and pods that are not Ready are named", async (t) => {
  const { client, file } = await startServer(t);
  const first = await applyManifests(client, await readAllManifests([file]), never);
  assert.equal(first.awaited, 1);
  assert.equal(await first.notReady(client), "web-1 not Ready");
  const before = await client.get(serviceKind, { namespace: "default", name: "web" });
  await applyManifests(client, await readAllManifests([file]), never);
  const after = await client.get(serviceKind, { namespace: "default", name: "web" });
  assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
});

test("an object that is refused is named, with its file and why; what is before it is there", async (t) => {
  const { client, folder } = await startServer(t);
  const file = path.join(folder, "two.yaml");
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  await writeFile(file, `${map("good")}---\n${map("Bad")}`);
  await assert.rejects(applyManifests(client, await readAllManifests([file]), never), {
    name: "ExpectedError",
    message: /^Cannot apply the ConfigMap Bad of ".*\/two\.yaml": ConfigMap "Bad" is invalid: metadata\.name: /,
  });
  assert.equal((await client.get(configMapKind, { namespace: "default", name: "good" })).metadata.name, "good");
});

test("an object that has changed in its file is brought up to date", async (t) => {
  const { client, file } = await startServer(t);
  await applyManifests(client, await readAllManifests([file]), never);
  await writeFile(file, MANIFEST.replace("port: 80", "port: 81"));
  await applyManifests(client, await readAllManifests([file]), never);
  const service = await client.get(serviceKind, { namespace: "default", name: "web" });
  assert.deepEqual(
    service.spec.ports?.map((port) => port.port),
    [81],
  );
});

test("an object without a name is refused", async (t) => {
  const { file } = await startServer(t);
  await writeFile(file, "{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}");
  await assert.rejects(readAllManifests([file]), {
    name: "ExpectedError",
    message: /a Pod in it has no name/,
  });
});

test("a kind that there is not is refused by name", async (t) => {
  const { file } = await startServer(t);
  await writeFile(file, "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a}}");
  await assert.rejects(readAllManifests([file]), {
    name: "ExpectedError",
    message: /kind Widget of example.com\/v1 is not supported/,
  });
});

test("kubectl finds nothing to change in what was applied here", async (t) => {
  const { api, client, folder, file } = await startServer(t);
  const kubeconfig = path.join(folder, "kubeconfig");
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const admin = await ca.issue({ commonName: "kubernetes-admin", usage: "client" }, now);
  const listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  t.after(() => listening.stop());
  const server = `https://127.0.0.1:${listening.port}`;
  const user = { clientCertificate: admin.certificate, clientKey: admin.key };
  await writeFile(kubeconfig, withContext("", { name: "test", server, ca: ca.certificate, ...user }));
  const kubectl = (...args: string[]) =>
    promisify(execFile)("kubectl", ["--kubeconfig", kubeconfig, "--cache-dir", folder, ...args]);

  await applyManifests(client, await readAllManifests([file]), never);
  const ours = await client.get(podKind, { namespace: "default", name: "web-1" });
  assert.equal((await kubectl("apply", "-f", file)).stdout, "service/web unchanged\npod/web-1 unchanged\n");
  assert.deepEqual(await client.get(podKind, { namespace: "default", name: "web-1" }), ours);

  // What kubectl writes itself is the same to the letter.
  await kubectl("delete", "--now", "-f", file);
  await kubectl("apply", "-f", file);
  const theirs = await client.get(podKind, { namespace: "default", name: "web-1" });
  assert.deepEqual(theirs.metadata.annotations, ours.metadata.annotations);
  assert.match(await readFile(file, "utf8"), /web-1/);
});
