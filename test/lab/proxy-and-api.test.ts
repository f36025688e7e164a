import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { eventKind } from "../../src/api/core/v1/event/event.ts";
import { nodeKind } from "../../src/api/core/v1/node/node.ts";
import { serviceKind } from "../../src/api/core/v1/service/service.ts";
import { endpointSliceKind } from "../../src/api/discovery/v1/endpointslice/endpointslice.ts";
import { startPolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { createNftShell } from "../../src/nftables/kernel/nft-shell.ts";
import { startProxy } from "../../src/proxy/start-proxy.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  test("the proxy writes what the API server has, with the rights of its own identity", async (t) => {
    const api = await startPolicyServer();
    t.after(() => api.stop());
    const admin = api.client();
    const user = { name: "system:kube-proxy", uid: "", groups: ["system:authenticated"], extra: {} };
    const log = createLogger((line) => process.stderr.write(line), { level: "warn" });
    const nft = createNftShell();
    t.after(() => nft.close());
    const proxy = await startProxy({
      nft,
      client: api.client(user),
      nodeName: "n1",
      serviceCIDRs: ["10.96.0.0/12"],
      health: false,
      apiServers: [{ address: "192.0.2.1", port: 6443 }],
      log,
      clock: systemClock,
    });
    t.after(() => proxy.stop());
    await proxy.synced;
    assert.equal(await appears("cluster-ips", "10.96.0.10"), true, "the cluster's own Services are there");

    await admin.create(nodeKind, { metadata: { name: "n1" }, spec: { podCIDR: "10.244.1.0/24" } });
    assert.equal(await appears("pod-cidrs", "10.244.1.5"), true, "its node came after it");

    const { spec } = await admin.create(serviceKind, {
      metadata: { name: "quote", namespace: "default" },
      spec: { type: "NodePort", selector: { app: "quote" }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await admin.create(endpointSliceKind, {
      metadata: {
        name: "quote-1",
        namespace: "default",
        labels: { "kubernetes.io/service-name": "quote" },
      },
      addressType: "IPv4",
      ports: [{ port: 8080 }],
      endpoints: [{ addresses: ["10.244.1.2"], nodeName: "n1" }],
    });
    assert.equal(await appears("endpoints-tcp", `${spec.clusterIP} . 80 . 0`), true);
    assert.equal(await appears("node-port-endpoints-tcp", `${spec.ports?.[0]?.nodePort} . 0`), true);

    await admin.create(serviceKind, {
      metadata: { name: "grab", namespace: "default" },
      spec: { externalIPs: ["192.0.2.1", "192.0.2.7"], ports: [{ port: 6443 }] },
    });
    assert.equal(await appears("no-endpoints", "192.0.2.7 . tcp . 6443"), true, "an address that nobody needs");
    assert.equal(await appears("no-endpoints", "192.0.2.1 . tcp . 6443", { gone: true }), true, "the API server's");
    const reserved = async () =>
      (await admin.list(eventKind, { namespace: "default" })).items.find((e) => e.reason === "ExternalAddressReserved");
    while ((await reserved()) === undefined) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(
      (await reserved())?.message,
      'Node "n1" does not redirect external address 192.0.2.1 port 6443/TCP: the API server listens there',
    );

    await admin.delete(serviceKind, { name: "quote", namespace: "default" });
    assert.equal(await appears("cluster-ips", spec.clusterIP ?? "", { gone: true }), true);
  });
}

/** Whether the kernel has the element, or no longer has it, within a minute. */
async function appears(set: string, key: string, { gone = false } = {}): Promise<boolean> {
  for (const endMs = Date.now() + 60_000; Date.now() < endMs; ) {
    const { status } = spawnSync("nft", ["get", "element", "ip", "fairlead-proxy", set, `{ ${key} }`]);
    if ((status === 0) !== gone) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
