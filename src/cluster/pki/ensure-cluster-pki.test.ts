import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { copyFile, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "../cluster.testing.ts";
import { ensureClusterPki } from "./ensure-cluster-pki.ts";
import { pkiFiles, readKeyPair } from "./pki-files.ts";

const now = new Date();
const config = testClusterConfig({ nodes: 2 });

/** Every file below the folder with its content. */
async function contents(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const)));
}

async function certificateOf(file: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(`${file}.crt`));
}

test("every certificate fits its key and is signed by the cluster's authority", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const files = pkiFiles(folder);
  const ca = await certificateOf(files.ca);
  const certificates = [...(await contents(folder)).keys()].filter((file) => file.endsWith(".crt"));
  assert.equal(certificates.length, 4 + 2 * 5);
  for (const file of certificates.map((name) => name.slice(0, -".crt".length))) {
    const certificate = await certificateOf(file);
    assert.ok(certificate.verify(ca.publicKey), file);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(`${file}.key`))), file);
    assert.equal((await stat(`${file}.key`)).mode & 0o777, 0o600, file);
  }
});

const identities: { name: string; of: (files: ReturnType<typeof pkiFiles>) => string; want: string }[] = [
  { name: "the administrator", of: (f) => f.admin, want: "O=system:masters CN=kubernetes-admin" },
  {
    name: "the API server as a client of kubelets",
    of: (f) => f.apiServerKubeletClient,
    want: "CN=kube-apiserver-kubelet-client",
  },
  { name: "a kubelet", of: (f) => f.node("fairlead-2").kubelet, want: "O=system:nodes CN=system:node:fairlead-2" },
  { name: "a proxy", of: (f) => f.node("fairlead-2").proxy, want: "CN=system:kube-proxy" },
  { name: "a pod network", of: (f) => f.node("fairlead-1").podNetwork, want: "CN=system:fairlead:podnetwork" },
  {
    name: "a DNS server",
    of: (f) => f.node("fairlead-1").dns,
    want: "O=system:fairlead:dns CN=system:fairlead:dns:fairlead-1",
  },
];
test("each program is who upstream's authorizers take it for", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  for (const { name, of, want } of identities) {
    const { subject } = await certificateOf(of(pkiFiles(folder)));
    assert.equal(subject.split("\n").join(" "), want, name);
  }
});

test("the API server is found by the names and addresses by which pods, nodes and the host know it", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const certificate = await certificateOf(pkiFiles(folder).apiServer);
  for (const host of ["kubernetes", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost"]) {
    assert.equal(certificate.checkHost(host), host);
  }
  for (const address of ["127.0.0.1", "::1", "10.96.0.1", "172.30.0.10", "172.30.0.11"]) {
    assert.ok(certificate.checkIP(address) !== undefined, address);
  }
});

test("the second time nothing changes", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const before = await contents(folder);
  await ensureClusterPki(folder, config, new Date(now.getTime() + 60_000));
  assert.deepEqual(await contents(folder), before);
});

test("a certificate with another subject than the program has now is made again, and only that", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const { admin, node } = pkiFiles(folder);
  const before = await contents(folder);
  for (const half of ["crt", "key"]) await copyFile(`${admin}.${half}`, `${node("fairlead-1").dns}.${half}`);
  await ensureClusterPki(folder, config, now);
  assert.match((await certificateOf(node("fairlead-1").dns)).subject, /CN=system:fairlead:dns:fairlead-1$/);
  const after = await contents(folder);
  const changed = [...after.keys()].filter((file) => after.get(file) !== before.get(file));
  assert.deepEqual(
    changed,
    ["crt", "key"].map((half) => `${node("fairlead-1").dns}.${half}`),
  );
});

test("a node that is added gets its own certificates, and the others keep theirs", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const before = await contents(folder);
  await ensureClusterPki(folder, testClusterConfig({ nodes: 3 }), now);
  const after = await contents(folder);
  assert.ok((await readKeyPair(pkiFiles(folder).node("fairlead-3").kubelet)) !== undefined);
  for (const [file, text] of before) assert.equal(after.get(file), text, file);
});

for (const half of ["crt", "key"]) {
  test(`an incomplete pair is recreated: only the ${half === "crt" ? "certificate" : "key"} was written`, async (t) => {
    const folder = await temporaryFolder(t);
    await ensureClusterPki(folder, config, now);
    const file = pkiFiles(folder).node("fairlead-1").kubelet;
    const before = await readFile(`${file}.${half}`, "utf8");
    await rm(`${file}.${half === "crt" ? "key" : "crt"}`);
    await ensureClusterPki(folder, config, now);
    assert.notEqual(await readFile(`${file}.${half}`, "utf8"), before);
    const certificate = await certificateOf(file);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(`${file}.key`))));
  });
}

test("service account tokens are signed with a P-256 key", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, config, now);
  const key = createPrivateKey(await readFile(pkiFiles(folder).serviceAccountKey));
  assert.equal(key.asymmetricKeyDetails?.namedCurve, "prime256v1");
});
