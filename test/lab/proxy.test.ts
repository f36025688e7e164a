import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Service } from "../../src/api/core/v1/service/service.ts";
import type { Draft } from "../../src/api/schema.ts";
import { createFakeApi } from "../../src/client/fake-api.testing.ts";
import { createClient } from "../../src/client/rest/rest-client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { createNftShell } from "../../src/nftables/kernel/nft-shell.ts";
import { service, slice } from "../../src/proxy/services/objects.testing.ts";
import type { ServiceProxy } from "../../src/proxy/start-proxy.ts";
import { startProxy } from "../../src/proxy/start-proxy.ts";
import type { Host } from "./network-lab.testing.ts";
import { ip, startHost } from "./network-lab.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const NODE = "172.30.0.1";
const NODE6 = "fd00:172:30::1";

if (insideOwnNamespaces(import.meta.filename)) {
  // Redirects use up what the kernel allows in ICMP messages per host, so that refusals would be missing.
  execFileSync("sysctl", [
    "-qw",
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv4.conf.all.send_redirects=0",
    "net.ipv4.conf.default.send_redirects=0",
  ]);
  // This namespace is the node: two pods behind routed interfaces, and a client on the network outside.
  for (const [name, number] of [
    ["pod-a", 2],
    ["pod-b", 3],
  ] as const) {
    ip(`netns add ${name}`);
    // No second of looking for others with the same address, in which the pod does not answer.
    ip(`netns exec ${name} sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0`);
    ip(`link add ${name} type veth peer name eth0 netns ${name}`);
    ip(`link set ${name} up`);
    ip(`-n ${name} link set eth0 up`);
    ip(`-n ${name} link set lo up`);
    for (const [family, range, bits] of [
      ["-4", "10.244.1.", 32],
      ["-6", "fd00:10:244:1::", 128],
    ] as const) {
      ip(`${family} address add ${range}1/${bits} dev ${name}`);
      ip(`${family} route add ${range}${number}/${bits} dev ${name}`);
      ip(`${family} -n ${name} address add ${range}${number}/${bits} dev eth0`);
      ip(`${family} -n ${name} route add ${range}1/${bits} dev eth0`);
      ip(`${family} -n ${name} route add default via ${range}1`);
    }
  }
  ip("netns add outside");
  ip("link add fabric type veth peer name eth0 netns outside");
  ip(`address add ${NODE}/24 dev fabric`);
  ip(`-6 address add ${NODE6}/64 dev fabric`);
  ip("link set fabric up");
  ip("-n outside address add 172.30.0.9/24 dev eth0");
  ip("-n outside link set eth0 up");
  ip(`-n outside route add 10.96.0.0/12 via ${NODE}`);
  ip(`-n outside route add 192.0.2.0/24 via ${NODE}`);
  tests();
}

interface Lab {
  readonly a: Host;
  readonly b: Host;
  readonly outside: Host;
  readonly node: Host;
  /** Resolves when the kernel has it. */
  put(name: string, spec: Draft<Service["spec"]>, endpoints?: string, status?: Draft<Service["status"]>): Promise<void>;
  remove(name: string): Promise<void>;
  stopProxy(): Promise<void>;
  /** Resolves when the kernel has everything. */
  startProxy(): Promise<void>;
}

function tests(): void {
  test("the service proxy and the real kernel", async (t) => {
    const lab = await start(t);
    await addresses(t, lab);
    await policies(t, lab);
    await flows(t, lab);
    await failures(t, lab);
  });
}

/** ClusterIPs and node ports. */
async function addresses(t: TestContext, lab: Lab): Promise<void> {
  const { a, b, outside, node } = lab;

  await t.test("a ClusterIP reaches every endpoint, from pods and from the node", async () => {
    await lab.put("quote", { clusterIP: "10.96.0.5" }, "10.244.1.2@n1 10.244.1.3@n1");
    assert.deepEqual(await names(() => a.ask("tcp", "10.96.0.5", 80)), ["pod-a", "pod-b"]);
    assert.deepEqual(await names(() => node.ask("tcp", "10.96.0.5", 80)), ["pod-a", "pod-b"]);
  });

  await t.test("a pod keeps its address towards another, and gets another towards itself", async () => {
    await lab.put("quote", { clusterIP: "10.96.0.5" }, "10.244.1.2@n1");
    assert.match(await b.ask("tcp", "10.96.0.5", 80), /pod-a .*10\.244\.1\.3/);
    assert.match(await a.ask("tcp", "10.96.0.5", 80), /pod-a .*10\.244\.1\.1/);
  });

  await t.test("no endpoints: refused at once, also on the node and for UDP", async () => {
    await lab.put("empty", { clusterIP: "10.96.0.6", ...nodePort(30006) }, "10.244.1.2@n1!");
    await lab.put("empty-udp", { clusterIP: "10.96.0.7", ports: ports("UDP", 53) }, "");
    assert.equal(await a.ask("tcp", "10.96.0.6", 80), "ECONNREFUSED");
    assert.equal(await outside.ask("tcp", NODE, 30006), "ECONNREFUSED");
    assert.equal(await node.ask("tcp", "10.96.0.6", 80), "ECONNREFUSED");
    assert.equal(await a.ask("udp", "10.96.0.7", 53), "ECONNREFUSED");
    assert.equal(await node.ask("udp", "10.96.0.7", 53), "ECONNREFUSED");
  });

  await t.test(
    "a port that the Service does not have is refused, an address that no Service has is dropped",
    async () => {
      assert.equal(await a.ask("tcp", "10.96.0.5", 81), "ECONNREFUSED");
      assert.equal(await node.ask("tcp", "10.96.0.5", 81), "ECONNREFUSED");
      assert.equal(await a.ask("tcp", "10.96.9.9", 80, { timeoutMs: 300 }), "timeout");
    },
  );

  await t.test("a node port answers on the node's address from everywhere, but not on loopback", async () => {
    await lab.put("np", { clusterIP: "10.96.0.8", ...nodePort(30008) }, "10.244.1.2@n1 10.244.1.3@n1");
    assert.deepEqual(await names(() => outside.ask("tcp", NODE, 30008)), ["pod-a", "pod-b"]);
    assert.match(await a.ask("tcp", NODE, 30008), /pod-/);
    assert.match(await node.ask("tcp", NODE, 30008), /pod-/);
    assert.match(await outside.ask("tcp", "10.96.0.8", 80), /pod-/);
    assert.equal(await node.ask("tcp", "127.0.0.1", 30008), "ECONNREFUSED");
  });

  await t.test("an endpoint on the node itself is reached from a pod, from outside and from the node", async () => {
    await node.serve("tcp", 8080, NODE);
    await lab.put("host", { clusterIP: "10.96.0.14", ...nodePort(30014) }, `${NODE}@n1`);
    assert.match(await a.ask("tcp", "10.96.0.14", 80), /^node 10\.244\.1\.2$/);
    assert.match(await node.ask("tcp", "10.96.0.14", 80), /^node /);
    assert.match(await outside.ask("tcp", NODE, 30014), /^node /);
  });
}

/** Policies of traffic, source ranges and session affinity. */
async function policies(t: TestContext, lab: Lab): Promise<void> {
  const { a, b, outside } = lab;

  await t.test("policy Local keeps the client's address, and drops where no endpoint is here", async () => {
    const spec = { type: "LoadBalancer", externalTrafficPolicy: "Local" } as const;
    const status = { loadBalancer: { ingress: [{ ip: "192.0.2.10", ipMode: "VIP" }] } };
    const local = { ...spec, clusterIP: "10.96.0.9", ports: ports("TCP", 80, 30009) };
    await lab.put("local", local, "10.244.1.2@n1 10.244.1.3@n2", status);
    assert.match(await outside.ask("tcp", NODE, 30009), /pod-a .*172\.30\.0\.9/);
    assert.match(await outside.ask("tcp", "192.0.2.10", 80), /pod-a .*172\.30\.0\.9/);
    assert.deepEqual(await names(() => b.ask("tcp", "192.0.2.10", 80)), ["pod-a", "pod-b"]);
    await lab.put("local", local, "10.244.1.3@n2", status);
    assert.match(await outside.ask("tcp", NODE, 30009, { timeoutMs: 300 }), /timeout/);
    assert.match(await a.ask("tcp", "192.0.2.10", 80), /pod-b/);
  });

  await t.test("source ranges close the load balancer's address to others", async () => {
    const open = { type: "LoadBalancer", clusterIP: "10.96.0.10", ports: ports("TCP", 80, 30010) } as const;
    const status = { loadBalancer: { ingress: [{ ip: "192.0.2.11" }] } };
    await lab.put(
      "ranges",
      { ...open, loadBalancerSourceRanges: ["172.30.0.0/24", "172.30.0.8/29"] },
      "10.244.1.2@n1",
      status,
    );
    assert.match(await outside.ask("tcp", "192.0.2.11", 80), /pod-a/);
    await lab.put("ranges", { ...open, loadBalancerSourceRanges: ["10.0.0.0/8"] }, "10.244.1.2@n1", status);
    assert.match(await outside.ask("tcp", "192.0.2.11", 80, { timeoutMs: 300 }), /timeout/);
    assert.match(await outside.ask("tcp", NODE, 30010), /pod-a/);
  });

  await t.test("a client with ClientIP affinity stays with its endpoint while others come and go", async () => {
    const sticky = {
      clusterIP: "10.96.0.11",
      sessionAffinity: "ClientIP",
      type: "NodePort",
      ports: ports("TCP", 80, 30011),
    } as const;
    await lab.put("sticky", sticky, "10.244.1.2@n1 10.244.1.3@n1");
    const first = await a.ask("tcp", "10.96.0.11", 80);
    assert.equal((await names(() => a.ask("tcp", "10.96.0.11", 80))).length, 1);
    const stays = first.startsWith("pod-a") ? "10.244.1.2@n1" : "10.244.1.3@n1";
    await lab.put("sticky", sticky, `10.244.1.99@n2 ${stays}`);
    assert.deepEqual(await names(() => a.ask("tcp", "10.96.0.11", 80)), [first.slice(0, 5)]);
  });
}

/** Other protocols than TCP over IPv4. */
async function flows(t: TestContext, lab: Lab): Promise<void> {
  const { a, b, node } = lab;

  await t.test("over IPv6 it is the same", async () => {
    await lab.put("six", { clusterIP: "fd00:10:96::5", ...nodePort(30016) }, "fd00:10:244:1::2@n1");
    assert.equal(await b.ask("tcp", "fd00:10:96::5", 80), "pod-a fd00:10:244:1::3");
    assert.equal(await a.ask("tcp", "fd00:10:96::5", 80), "pod-a fd00:10:244:1::1");
    assert.match(await node.ask("tcp", "fd00:10:96::5", 80), /^pod-a /);
    assert.match(await b.ask("tcp", NODE6, 30016), /^pod-a /);
    assert.equal(await b.ask("tcp", "fd00:10:96::5", 81), "ECONNREFUSED");
    await lab.put("empty-six", { clusterIP: "fd00:10:96::7", ports: ports("UDP", 53) }, "");
    assert.equal(await b.ask("udp", "fd00:10:96::7", 53), "ECONNREFUSED");
    const sticky = { clusterIP: "fd00:10:96::6", sessionAffinity: "ClientIP" } as const;
    await lab.put("sticky-six", sticky, "fd00:10:244:1::2@n1 fd00:10:244:1::3@n1");
    assert.equal((await names(() => b.ask("tcp", "fd00:10:96::6", 80))).length, 1);
  });

  await t.test("a UDP flow follows when its endpoint goes", async () => {
    const udp = { clusterIP: "10.96.0.12", ports: ports("UDP", 53) };
    await lab.put("dns", udp, "10.244.1.2@n1");
    assert.match(await b.ask("udp", "10.96.0.12", 53, { localPort: 5000 }), /pod-a/);
    await lab.put("dns", udp, "10.244.1.3@n1");
    await until(() => b.ask("udp", "10.96.0.12", 53, { localPort: 5000, timeoutMs: 300 }), /pod-b/);
  });
}

/** What goes on when parts of the proxy do not, and what ends with a Service. */
async function failures(t: TestContext, lab: Lab): Promise<void> {
  const { a, b } = lab;

  await t.test("an nft that was killed is started again", async () => {
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", `${process.pid}`], { encoding: "utf8" });
    const [pid] = children
      .split("\n")
      .filter((line) => line.includes("nft -t -j -i"))
      .map((line) => Number.parseInt(line, 10));
    assert.ok(pid !== undefined, "there is one nft");
    process.kill(pid, "SIGKILL");
    await lab.put("killed", { clusterIP: "10.96.0.15" }, "10.244.1.2@n1");
    assert.match(await a.ask("tcp", "10.96.0.15", 80), /pod-a/);
  });

  await t.test("a deleted table is replaced with the next change", async () => {
    execFileSync("nft", ["delete", "table", "ip", "fairlead-proxy"]);
    await lab.put("back", { clusterIP: "10.96.0.13" }, "10.244.1.2@n1");
    assert.match(await a.ask("tcp", "10.96.0.13", 80), /pod-a/);
    assert.match(await a.ask("tcp", "10.96.0.5", 80), /pod-a/);
  });

  await t.test("a restart keeps connections going, affinity, and nothing that is not wanted any more", async () => {
    const sticky = { clusterIP: "10.96.0.11", sessionAffinity: "ClientIP" } as const;
    await lab.put("sticky", sticky, "10.244.1.2@n1 10.244.1.3@n1");
    const first = await a.ask("tcp", "10.96.0.11", 80);
    execFileSync("nft", ["add chain ip fairlead-proxy leftover; add rule ip fairlead-proxy leftover drop"]);
    await lab.stopProxy();
    assert.equal(await a.ask("tcp", "10.96.0.11", 80), first, "without a proxy the rules go on");
    let lost = 0;
    let restarting = true;
    const asking = (async () => {
      while (restarting) if (!(await b.ask("tcp", "10.96.0.5", 80)).startsWith("pod-a")) lost += 1;
    })();
    await lab.startProxy();
    restarting = false;
    await asking;
    assert.equal(lost, 0);
    assert.deepEqual(await names(() => a.ask("tcp", "10.96.0.11", 80)), [first.slice(0, 5)]);
    const chains = execFileSync("nft", ["list", "chains", "ip"], { encoding: "utf8" });
    assert.doesNotMatch(chains, /leftover/);
  });

  await t.test("a table that another version made otherwise is replaced whole", async () => {
    await lab.stopProxy();
    execFileSync("nft", ["delete table ip fairlead-proxy; add table ip fairlead-proxy"]);
    execFileSync("nft", ["add set ip fairlead-proxy services { type ipv4_addr; }"]);
    await lab.startProxy();
    assert.match(await a.ask("tcp", "10.96.0.5", 80), /pod-a/);
  });

  await t.test("health is reported", async () => {
    const answer = await fetch("http://127.0.0.1:10256/healthz");
    assert.equal(answer.status, 200);
  });

  await t.test("a deleted Service is refused no more: its address is free", async () => {
    await lab.remove("quote");
    assert.match(await a.ask("tcp", "10.96.0.5", 80, { timeoutMs: 300 }), /timeout/);
  });
}

async function start(t: TestContext): Promise<Lab> {
  const api = createFakeApi();
  api.put("/api/v1/nodes/n1", {
    spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24", "fd00:10:244:1::/64"] },
    status: { addresses: [NODE, NODE6].map((address) => ({ type: "InternalIP", address })) },
  });
  const [a, b, outside, node] = [
    startHost("pod-a", "pod-a"),
    startHost("pod-b", "pod-b"),
    startHost("outside", "outside"),
    startHost("node"),
  ];
  for (const host of [a, b, outside, node]) t.after(() => host[Symbol.asyncDispose]());
  for (const host of [a, b]) {
    await host.serve("tcp", 8080);
    await host.serve("udp", 8080, "0.0.0.0");
  }
  const nft = createNftShell();
  t.after(() => nft.close());
  let proxy: ServiceProxy | undefined;
  const run = async () => {
    proxy = await startProxy({
      nft,
      client: createClient(api),
      nodeName: "n1",
      serviceCIDRs: ["10.96.0.0/12", "fd00:10:96::/112"],
      log: createLogger((line) => process.stderr.write(line), { level: "warn" }),
      clock: systemClock,
    });
    await proxy.synced;
  };
  t.after(() => proxy?.stop());
  await run();
  const write = (
    name: string,
    spec: Draft<Service["spec"]>,
    endpoints: string,
    status: Draft<Service["status"]> = {},
  ) => {
    const labels = { "kubernetes.io/service-name": name };
    const first = spec.ports?.[0];
    const ports = [{ name: "", protocol: first?.protocol ?? "TCP", port: 8080 }] as const;
    const whole = slice(endpoints, { metadata: { name, namespace: "shop", labels }, ports });
    api.put(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/${name}`, { ...whole });
    const metadata = { name, namespace: "shop" };
    api.put(`/api/v1/namespaces/shop/services/${name}`, { ...service(spec, { metadata, status }) });
  };
  let changes = 0;
  /** Services and slices come in their own order each: when the last of both has arrived, so have all before. */
  const arrived = async () => {
    // The table of IPv6 is written after that of IPv4.
    const clusterIP = `fd00:10:96::f${++changes}`;
    write("last", { clusterIP }, "fd00:10:244:1::2");
    const last = ["get", "element", "ip6", "fairlead-proxy", "endpoints-tcp", `{ ${clusterIP} . 80 . 0 }`];
    await until(async () => (spawnSync("nft", last).status === 0 ? "there" : "not there"), /^there/);
  };
  return {
    a,
    b,
    outside,
    node,
    put(name, spec, endpoints = "", status) {
      write(name, spec, endpoints, status);
      return arrived();
    },
    remove(name) {
      api.remove(`/api/v1/namespaces/shop/services/${name}`);
      return arrived();
    },
    stopProxy: async () => proxy?.stop(),
    startProxy: run,
  };
}

function nodePort(number: number) {
  return { type: "NodePort", ports: ports("TCP", 80, number) } as const;
}

function ports(protocol: "TCP" | "UDP", port: number, nodePort?: number): Draft<Service["spec"]["ports"]> {
  return [{ protocol, port, ...(nodePort !== undefined && { nodePort }) }];
}

/** Asks again until the answer is as wanted; gives up after a minute. */
async function until(ask: () => Promise<string>, wanted: RegExp): Promise<string> {
  const endMs = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (wanted.test(answer)) return answer;
    if (Date.now() > endMs) assert.match(answer, wanted);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Who answers, over 30 connections. */
async function names(ask: () => Promise<string>): Promise<string[]> {
  const answers = new Set<string>();
  for (let i = 0; i < 30; i++) answers.add((await ask()).split(" ")[0] ?? "");
  return [...answers].sort();
}
