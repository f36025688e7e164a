import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createFakeApi } from "../../src/client/fake-api.testing.ts";
import { createClient } from "../../src/client/rest-client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { removeStaleLeases } from "../../src/podnetwork/leases.ts";
import { CNI_CONFIG_FILE, startPodNetwork } from "../../src/podnetwork/start-pod-network.ts";
import { service, slice } from "../../src/proxy/objects.testing.ts";
import { startProxy } from "../../src/proxy/start-proxy.ts";
import { cniAdd, cniDelete } from "./cni.testing.ts";
import { insideNetworkLab, ip, startHost } from "./network-lab.testing.ts";

const CNI_BIN_DIR = "/usr/lib/cni";

if (insideNetworkLab(import.meta.filename)) {
  // This namespace is node n1; node n2 with a pod address, and the world behind a default route, are others.
  for (const [name, near, far] of [
    ["node-2", "172.30.0.1/24", "172.30.0.2/24"],
    ["world", "198.51.100.1/24", "198.51.100.9/24"],
  ] as const) {
    ip(`netns add ${name}`);
    ip(`link add ${name} type veth peer name eth0 netns ${name}`);
    ip(`address add ${near} dev ${name}`);
    ip(`link set ${name} up`);
    ip(`-n ${name} address add ${far} dev eth0`);
    ip(`-n ${name} link set eth0 up`);
    ip(`-n ${name} link set lo up`);
  }
  ip("-n node-2 address add 10.244.2.2/32 dev lo");
  ip("-n node-2 route add 10.244.1.0/24 via 172.30.0.1");
  ip("route add default via 198.51.100.9");
  for (const name of ["pod-a", "pod-b"]) ip(`netns add ${name}`);
  tests();
}

function tests(): void {
  test("the pod network and the real kernel", async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "fairlead-podnetwork-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const cniConfigDir = path.join(folder, "net.d");
    const ipamDataDir = path.join(folder, "ipam");
    const configFile = path.join(cniConfigDir, CNI_CONFIG_FILE);
    const api = createFakeApi();
    const putNode = (name: string, address: string, podCIDR?: string) =>
      api.put(`/api/v1/nodes/${name}`, {
        spec: podCIDR === undefined ? {} : { podCIDR, podCIDRs: [podCIDR] },
        status: { addresses: [{ type: "InternalIP", address }] },
      });
    putNode("n1", "172.30.0.1");
    putNode("n2", "172.30.0.2", "10.244.2.0/24");
    const shared = {
      client: createClient(api),
      nodeName: "n1",
      log: createLogger((line) => process.stderr.write(line), { level: "warn" }),
      clock: systemClock,
    };
    const network = await startPodNetwork({ ...shared, cniConfigDir, cniBinDir: CNI_BIN_DIR, ipamDataDir });
    t.after(() => network.stop());
    assert.equal(existsSync(configFile), false, "no configuration before the node has a range");
    putNode("n1", "172.30.0.1", "10.244.1.0/24");
    await network.ready;

    const add = (name: string, hostPort?: number) =>
      cniAdd({
        configFile,
        binDir: CNI_BIN_DIR,
        sandboxId: `sandbox-${name}`,
        netns: `/run/netns/${name}`,
        portMappings: hostPort === undefined ? [] : [{ hostPort, containerPort: 8080, protocol: "tcp" }],
      });
    const addressA = add("pod-a", 18080);
    const addressB = add("pod-b");
    const a = startHost("pod-a", "pod-a");
    const b = startHost("pod-b", "pod-b");
    const other = startHost("node-2", "node-2");
    const world = startHost("world", "world");
    const node = startHost("node");
    for (const host of [a, b, other, world, node]) {
      t.after(() => host[Symbol.asyncDispose]());
      if (host !== node) await host.serve("tcp", 8080);
    }

    await t.test("pods of one node see each other's addresses", async () => {
      assert.equal(await a.ask("tcp", addressB, 8080), `pod-b ::ffff:${addressA}`);
    });

    await t.test("a pod elsewhere and another node are reached, and see the pod's address", async () => {
      assert.equal(await a.ask("tcp", "10.244.2.2", 8080), `node-2 ::ffff:${addressA}`);
      assert.equal(await a.ask("tcp", "172.30.0.2", 8080), `node-2 ::ffff:${addressA}`);
      assert.equal(await other.ask("tcp", addressA, 8080), "pod-a ::ffff:172.30.0.2");
    });

    await t.test("the world sees the node's address", async () => {
      assert.equal(await a.ask("tcp", "198.51.100.9", 8080), "world ::ffff:198.51.100.1");
    });

    await t.test("an address that no pod has is unreachable at once", async () => {
      assert.match(await b.ask("tcp", "10.244.1.77", 8080), /EHOSTUNREACH/);
    });

    await t.test("a host port leads to its pod", async () => {
      assert.match(await other.ask("tcp", "172.30.0.1", 18080), /^pod-a /);
    });

    await t.test("through its Service a pod reaches another pod here, and itself", async () => {
      const proxy = await startProxy({ ...shared, serviceCIDRs: ["10.96.0.0/12"], health: false });
      t.after(() => proxy.stop());
      for (const [name, address, clusterIP] of [
        ["a", addressA, "10.96.0.5"],
        ["b", addressB, "10.96.0.6"],
      ] as const) {
        const metadata = { name, namespace: "shop", labels: { "kubernetes.io/service-name": name } };
        api.put(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/${name}`, {
          ...slice(`${address}@n1`, { metadata }),
        });
        api.put(`/api/v1/namespaces/shop/services/${name}`, { ...service({ clusterIP }, { metadata }) });
      }
      await proxy.synced;
      assert.equal(await a.ask("tcp", "10.96.0.6", 80), `pod-b ::ffff:${addressA}`);
      assert.match(await a.ask("tcp", "10.96.0.5", 80), /^pod-a ::ffff:10\.244\.1\.1$/);
      assert.match(await node.ask("tcp", "10.96.0.5", 80), /^pod-a /);
    });

    await t.test("a node that gets another address is followed, one that goes is forgotten", async () => {
      const routes = () => execFileSync("ip", ["route", "show", "proto", "174"], { encoding: "utf8" });
      putNode("n2", "172.30.0.22", "10.244.2.0/24");
      await until(() => /10\.244\.2\.0\/24 via 172\.30\.0\.22/.test(routes()));
      api.remove("/api/v1/nodes/n2");
      await until(() => !routes().includes("10.244.2.0/24"));
      assert.match(routes(), /^unreachable 10\.244\.1\.0\/24/);
    });

    await t.test("leases of sandboxes that are gone are freed, those of others stay", async () => {
      const lease = (address: string) => existsSync(path.join(ipamDataDir, "fairlead", address));
      assert.deepEqual(await removeStaleLeases(ipamDataDir, ["sandbox-pod-a"]), [addressB]);
      assert.deepEqual([lease(addressA), lease(addressB)], [true, false]);
      cniDelete({ configFile, binDir: CNI_BIN_DIR, sandboxId: "sandbox-pod-a", netns: "/run/netns/pod-a" });
      assert.equal(lease(addressA), false);
    });
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  const endMs = Date.now() + 5000;
  while (!isTrue()) {
    assert.ok(Date.now() < endMs, "it did not happen within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
