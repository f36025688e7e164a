import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createFakeApi } from "../../src/client/fake-api.testing.ts";
import { createClient } from "../../src/client/rest/rest-client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { createNftShell } from "../../src/nftables/kernel/nft-shell.ts";
import { removeStaleLeases } from "../../src/podnetwork/leases.ts";
import { removePodNetwork } from "../../src/podnetwork/remove-pod-network.ts";
import type { PodNetwork, PodNetworkOptions } from "../../src/podnetwork/start-pod-network.ts";
import { CNI_CONFIG_FILE, startPodNetwork } from "../../src/podnetwork/start-pod-network.ts";
import { removeServiceRules } from "../../src/proxy/remove-service-rules.ts";
import { service, slice } from "../../src/proxy/services/objects.testing.ts";
import { startProxy } from "../../src/proxy/start-proxy.ts";
import type { CniCall } from "./cni.testing.ts";
import { cniAdd, cniDelete } from "./cni.testing.ts";
import type { Host } from "./network-lab.testing.ts";
import { ip, startHost } from "./network-lab.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const CNI_BIN_DIR = "/usr/lib/cni";

if (insideOwnNamespaces(import.meta.filename)) {
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

interface Lab {
  readonly api: ReturnType<typeof createFakeApi>;
  readonly shared: Pick<PodNetworkOptions, "client" | "nft" | "nodeName" | "log" | "clock">;
  readonly network: PodNetwork;
  readonly ipamDataDir: string;
  readonly configFile: string;
  /** The addresses that the pods were given. */
  readonly addressA: string;
  readonly addressB: string;
  readonly a: Host;
  readonly b: Host;
  readonly other: Host;
  readonly node: Host;
  putNode(name: string, address: string, podCIDR?: string): void;
}

function tests(): void {
  test("the pod network and the real kernel", async (t) => {
    const lab = await start(t);
    await reachability(t, lab);
    await changes(t, lab);
  });
}

/** Who reaches whom, and as whom. */
async function reachability(t: TestContext, lab: Lab): Promise<void> {
  const { a, b, other, addressA, addressB } = lab;

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

  await t.test("through its Service a pod reaches another pod here, and itself", () => throughServices(lab));
}

async function throughServices(lab: Lab): Promise<void> {
  for (const [name, address, clusterIP] of [
    ["a", lab.addressA, "10.96.0.5"],
    ["b", lab.addressB, "10.96.0.6"],
  ] as const) {
    const metadata = { name, namespace: "shop", labels: { "kubernetes.io/service-name": name } };
    lab.api.put(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/${name}`, {
      ...slice(`${address}@n1`, { metadata }),
    });
    lab.api.put(`/api/v1/namespaces/shop/services/${name}`, { ...service({ clusterIP }, { metadata }) });
  }
  const proxy = await startProxy({ ...lab.shared, serviceCIDRs: ["10.96.0.0/12"], health: false });
  await proxy.synced;
  assert.equal(await lab.a.ask("tcp", "10.96.0.6", 80), `pod-b ::ffff:${lab.addressA}`);
  assert.match(await lab.a.ask("tcp", "10.96.0.5", 80), /^pod-a ::ffff:10\.244\.1\.1$/);
  await proxy.stop();
  assert.match(await lab.node.ask("tcp", "10.96.0.5", 80), /^pod-a /);
}

/** What follows when nodes and pods come and go. */
async function changes(t: TestContext, lab: Lab): Promise<void> {
  await t.test("a node that gets another address is followed, one that goes is forgotten", async () => {
    const routes = () => execFileSync("ip", ["route", "show", "proto", "174"], { encoding: "utf8" });
    lab.putNode("n2", "172.30.0.22", "10.244.2.0/24");
    await until(() => /10\.244\.2\.0\/24 via 172\.30\.0\.22/.test(routes()));
    lab.api.remove("/api/v1/nodes/n2");
    await until(() => !routes().includes("10.244.2.0/24"));
    assert.match(routes(), /^unreachable 10\.244\.1\.0\/24/);
  });

  await t.test("leases of sandboxes that are gone are freed, those of others stay", async () => {
    const lease = (address: string) => existsSync(path.join(lab.ipamDataDir, "fairlead", address));
    assert.deepEqual(await removeStaleLeases(lab.ipamDataDir, ["sandbox-pod-a"]), [], "both pods have their links");
    ip(`route del ${lab.addressB}`);
    assert.deepEqual(await removeStaleLeases(lab.ipamDataDir, ["sandbox-pod-a"]), [lab.addressB]);
    assert.deepEqual([lease(lab.addressA), lease(lab.addressB)], [true, false]);
    cniDelete(pod("pod-a", lab.configFile));
    assert.equal(lease(lab.addressA), false);
  });

  await t.test("a machine that leaves its cluster keeps nothing of it, and can leave twice", async () => {
    await lab.network.stop();
    for (let time = 0; time < 2; time++) {
      await removePodNetwork({ cniConfigDir: path.dirname(lab.configFile) });
      await removeServiceRules();
    }
    assert.equal(existsSync(lab.configFile), false);
    assert.equal(execFileSync("ip", ["route", "show", "proto", "174"], { encoding: "utf8" }), "");
    assert.doesNotMatch(execFileSync("nft", ["list", "tables"], { encoding: "utf8" }), /fairlead/);
  });
}

/** Node n1 with its two pods, and somebody to talk to in each place. */
async function start(t: TestContext): Promise<Lab> {
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
  const log = createLogger((line) => process.stderr.write(line), { level: "warn" });
  const nft = createNftShell();
  t.after(() => nft.close());
  const shared = { client: createClient(api), nft, nodeName: "n1", log, clock: systemClock };
  const network = await startPodNetwork({ ...shared, cniConfigDir, cniBinDir: CNI_BIN_DIR, ipamDataDir });
  t.after(() => network.stop());
  assert.equal(existsSync(configFile), false, "no configuration before the node has a range");
  putNode("n1", "172.30.0.1", "10.244.1.0/24");
  await network.ready;

  const portMappings = [{ hostPort: 18080, containerPort: 8080, protocol: "tcp" }] as const;
  const addressA = cniAdd({ ...pod("pod-a", configFile), portMappings });
  const addressB = cniAdd(pod("pod-b", configFile));
  const node = startHost("node");
  t.after(() => node[Symbol.asyncDispose]());
  const [a, b, other] = await Promise.all(["pod-a", "pod-b", "node-2", "world"].map((name) => server(t, name)));
  assert.ok(a !== undefined && b !== undefined && other !== undefined);
  return { api, shared, network, ipamDataDir, configFile, addressA, addressB, a, b, other, node, putNode };
}

async function server(t: TestContext, name: string): Promise<Host> {
  const host = startHost(name, name);
  t.after(() => host[Symbol.asyncDispose]());
  await host.serve("tcp", 8080);
  return host;
}

function pod(name: string, configFile: string): CniCall {
  return { configFile, binDir: CNI_BIN_DIR, sandboxId: `sandbox-${name}`, netns: `/run/netns/${name}` };
}

async function until(isTrue: () => boolean): Promise<void> {
  const endMs = Date.now() + 60_000;
  while (!isTrue()) {
    assert.ok(Date.now() < endMs, "it did not happen within a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
