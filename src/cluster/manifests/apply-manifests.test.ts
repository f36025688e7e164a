import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { promisify } from "node:util";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { clientCertificateAuthenticator } from "@fairlead/apiserver/authn/client-certificate-authenticator";
import { listen } from "@fairlead/apiserver/http/listen";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import type { Client } from "@fairlead/client/client";
import { withContext } from "@fairlead/client/kubeconfig/edit-kubeconfig";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { createCertificateAuthority } from "../pki/certificate-authority.ts";
import { applyManifests } from "./apply-manifests.ts";
import { readAllManifests } from "./read-manifests.ts";

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

async function startServer(t: TestContext) {
  const api = await startTestApiServer({ authenticators: [clientCertificateAuthenticator(systemClock)] });
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
  assert.deepEqual(first.awaited, [{ kind: podKind, namespace: "default" }]);
  assert.equal(first.changed, 2);
  const pod = await client.get(podKind, { namespace: "default", name: "web-1" });
  assert.equal(
    first.notReady(() => pod),
    "web-1 not Ready",
  );
  assert.throws(() => first.notReady(() => undefined), {
    name: "ExpectedError",
    message: 'pods "web-1" was deleted before it was ready',
  });
  const before = await client.get(serviceKind, { namespace: "default", name: "web" });
  const second = await applyManifests(client, await readAllManifests([file]), never);
  assert.equal(second.changed, 0);
  const after = await client.get(serviceKind, { namespace: "default", name: "web" });
  assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
});

const WORKLOAD = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 5
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: main, image: shop }] }
`;

test("the pods of a workload that are not Ready are explained by their status and their warnings", async (t) => {
  const { client, folder } = await startServer(t);
  const file = path.join(folder, "shop.yaml");
  await writeFile(file, WORKLOAD);
  const applied = await applyManifests(client, await readAllManifests([file]), never);
  assert.equal(await applied.whyNotReady(client), "deployment/shop has 0 of 5 pods available");

  const metadata = { namespace: "default", labels: { app: "shop" } };
  const spec = { containers: [{ name: "main", image: "shop" }] };
  for (const name of ["shop-1", "shop-2", "shop-3", "shop-4"]) {
    const pod = await client.create(podKind, { metadata: { ...metadata, name }, spec });
    const { uid } = pod.metadata;
    await client.create(eventKind, {
      metadata: { namespace: "default", name: `${name}.1` },
      involvedObject: { kind: "Pod", namespace: "default", name, uid },
      type: "Warning",
      reason: "FailedMount",
      message: "no such volume",
    });
  }
  await client.create(podKind, { metadata: { ...metadata, name: "other", labels: { app: "other" } }, spec });
  assert.equal(
    await applied.whyNotReady(client),
    `deployment/shop has 0 of 5 pods available: ${["shop-1", "shop-2", "shop-3"].map((name) => `${name}: FailedMount: no such volume`).join("; ")}; and 1 more`,
  );
});

test("a few of many objects are read at once: each request in progress is a connection", async (t) => {
  const { client, folder } = await startServer(t);
  const file = path.join(folder, "many.yaml");
  const workload = (_: unknown, i: number) => WORKLOAD.replaceAll("shop", `shop-${i}`);
  await writeFile(file, Array.from({ length: 30 }, workload).join("---"));
  let now = 0;
  let most = 0;
  const counting: Client = {
    ...client,
    async get(...asked) {
      most = Math.max(most, ++now);
      return await client.get(...asked).finally(() => now--);
    },
  };
  const applied = await applyManifests(counting, await readAllManifests([file]), never);
  assert.equal(applied.changed, 30);
  assert.equal(most, 8);
  most = 0;
  await applied.whyNotReady(counting);
  assert.equal(most, 8);
});

test("an object that is refused is named, with its file and why; what is before it is there", async (t) => {
  const { client, folder } = await startServer(t);
  const file = path.join(folder, "two.yaml");
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  await writeFile(file, `${map("good")}---\n${map("Bad")}`);
  await assert.rejects(applyManifests(client, await readAllManifests([file]), never), {
    name: "ExpectedError",
    message:
      /^Cannot apply the ConfigMap Bad in document 2 of ".*\/two\.yaml": ConfigMap "Bad" is invalid: metadata\.name: /,
  });
  assert.equal((await client.get(configMapKind, { namespace: "default", name: "good" })).metadata.name, "good");
});

test("an object that has changed in its file is brought up to date", async (t) => {
  const { client, file } = await startServer(t);
  await applyManifests(client, await readAllManifests([file]), never);
  await writeFile(file, MANIFEST.replace("port: 80", "port: 81"));
  assert.equal((await applyManifests(client, await readAllManifests([file]), never)).changed, 1);
  const service = await client.get(serviceKind, { namespace: "default", name: "web" });
  assert.deepEqual(
    service.spec.ports?.map((port) => port.port),
    [81],
  );
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
