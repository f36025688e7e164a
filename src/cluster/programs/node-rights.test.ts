/** The identities in the certificates of one node's programs, against the API server's own policy. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { startPolicyServer } from "@fairlead/apiserver/testing/start-policy-server.testing";
import { startCache } from "@fairlead/client/cache/start-cache";
import { publishEndpoint } from "@fairlead/dns/publish-endpoint";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "../cluster.testing.ts";
import { ensureClusterPki } from "../pki/ensure-cluster-pki.ts";
import { pkiFiles } from "../pki/pki-files.ts";

/** The user that the API server takes the holder of a certificate for. */
async function userOf(file: string) {
  const { subject } = new X509Certificate(await readFile(`${file}.crt`));
  const fields = (name: string) =>
    [...subject.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value);
  return { name: fields("CN")[0] ?? "", uid: "", groups: [...fields("O"), "system:authenticated"], extra: {} };
}

const spec = { log: silentLogger, clock: systemClock };

test("a node's DNS server and pod network can write nothing of another node", async (t) => {
  const folder = await temporaryFolder(t);
  await ensureClusterPki(folder, testClusterConfig({ nodes: 2 }), new Date());
  const [one, two] = ["fairlead-1", "fairlead-2"].map((name) => pkiFiles(folder).node(name));
  const api = await startPolicyServer();
  t.after(() => api.stop());
  const admin = api.client();
  for (const name of ["fairlead-1", "fairlead-2"]) await admin.create(nodeKind, { metadata: { name } });

  const publish = async (dnsFile: string, nodeName: string, address: string) => {
    const client = api.client(await userOf(dnsFile));
    const slices = startCache(client, endpointSliceKind, spec);
    t.after(() => slices.stop());
    await slices.synced;
    const endpoint = { nodeName, address, port: 53 };
    const publishing = publishEndpoint({ client, slices, endpoint, ...spec });
    const key = { namespace: "kube-system", name: `kube-dns-${nodeName}` };
    while ((await admin.list(endpointSliceKind)).items.every(({ metadata }) => metadata.name !== key.name)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { client, key, publishing };
  };
  const first = await publish(one?.dns ?? "", "fairlead-1", "192.0.2.1");
  const second = await publish(two?.dns ?? "", "fairlead-2", "192.0.2.2");

  const forbidden = { reason: "Forbidden" };
  const other = await admin.get(endpointSliceKind, second.key);
  assert.equal(other.metadata.ownerReferences?.[0]?.name, "fairlead-2", "a server lists itself under its own rights");
  await assert.rejects(first.client.patch(endpointSliceKind, second.key, "merge", { endpoints: [] }), forbidden);
  await assert.rejects(first.client.delete(endpointSliceKind, second.key), forbidden);
  await assert.rejects(first.client.get(nodeKind, { name: "fairlead-2" }), forbidden);
  const { uid: _, resourceVersion: __, ...metadata } = other.metadata;
  await assert.rejects(
    first.client.create(endpointSliceKind, { ...other, metadata: { ...metadata, name: "kube-dns-other" } }),
    forbidden,
  );

  const podNetwork = api.client(await userOf(one?.podNetwork ?? ""));
  const status = { conditions: [{ type: "Ready", status: "False" as const }] };
  assert.equal((await podNetwork.list(nodeKind)).items.length, 2);
  for (const name of ["fairlead-1", "fairlead-2"]) {
    const patching = podNetwork.patch(nodeKind, { name }, "strategic", { status }, { subresource: "status" });
    await assert.rejects(patching, forbidden);
  }

  await Promise.all([first.publishing.stop(), second.publishing.stop()]);
  const ready = (await admin.get(endpointSliceKind, first.key)).endpoints.map(({ conditions }) => conditions.ready);
  assert.deepEqual(ready, [false], "and takes itself out again");
});
