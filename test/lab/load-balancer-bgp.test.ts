/** Addresses of load balancers that nodes announce by BGP to a router: BIRD on both sides. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { installBird, type Router, startRouter } from "./bird.testing.ts";
import { startLoop } from "./client-loop.testing.ts";
import { newestPid, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";
import { type Ask, apply, askFromHost, ready, untilAnswers, webPod, webService } from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 360_000 };
const NODES = ["fairlead-1", "fairlead-2"];
const PODS = ["web-1", "web-2"];
const ADDRESS = "198.51.100.1";
const PREFIX = `${ADDRESS}/32`;
/** The router's second address, at which it is of the nodes' AS. */
const INNER = "172.30.0.3";
const EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Both nodes are its neighbors, of another AS; it forwards by all equal ways. */
const OUTER_ROUTER = routerConfig({
  prefix: "outer",
  local: "172.30.0.2 as 64500",
  more: 'password "secret"; bfd { min rx interval 200 ms; min tx interval 200 ms; };',
  protocols: "protocol bfd {}\nprotocol kernel { merge paths on; ipv4 { import none; export all; }; }",
});
/** Both nodes are its neighbors, of its own AS; it only listens. */
const INNER_ROUTER = routerConfig({ prefix: "inner", local: `${INNER} as 64512`, more: "direct;", protocols: "" });

if (process.env.FAIRLEAD_LAB !== "1") await installBird();
if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let fromHost: Ask;
  let router: Router;
  let inner: Router;

  before(async () => {
    lab = await startLab();
    fromHost = askFromHost(lab);
    await upOrShowLogs(lab, ["--nodes", "2"]);
    const device = /dev (\S+)/.exec((await lab.run("ip", ["route", "get", "172.30.0.11"])).stdout)?.[1] ?? "";
    await lab.run("ip", ["address", "add", `${INNER}/24`, "dev", device]);
    // Several connections of one client take different ways.
    await lab.run("sh", ["-c", "echo 1 > /proc/sys/net/ipv4/fib_multipath_hash_policy"]);
    router = await startRouter(lab, "outer", OUTER_ROUTER);
    inner = await startRouter(lab, "inner", INNER_ROUTER);
    await apply(lab, ...PODS.map((name, at) => webPod({ name, node: NODES[at] ?? "" })));
    await ready(lab, ...PODS);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("both nodes announce an address to the router, and it is answered by both ways", LIMIT, async () => {
    const secret = { type: "kubernetes.io/basic-auth", stringData: { username: "", password: "secret" } };
    await apply(
      lab,
      { apiVersion: "v1", kind: "Secret", metadata: inMetalLB("outer"), ...secret },
      metallb("IPAddressPool", "routed", { addresses: ["198.51.100.0/28"], avoidBuggyIPs: true, autoAssign: false }),
      metallb("Community", "names", { communities: [{ name: "no-export", value: "65535:65281" }] }),
      metallb("BFDProfile", "fast", { receiveInterval: 200, transmitInterval: 200 }),
      metallb("BGPAdvertisement", "outer", {
        ...{ ipAddressPools: ["routed"], peers: ["outer"] },
        communities: ["no-export", "64512:100", "large:64512:1:2"],
      }),
      peer("outer", {
        ...{ peerASN: 64500, peerAddress: "172.30.0.2", holdTime: "9s", bfdProfile: "fast" },
        passwordSecret: { name: "outer" },
      }),
      balanced("routed", { ports: [{ port: 8080, targetPort: 80 }] }),
    );
    const routes = await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
    assert.match(routes, /BGP\.as_path: 64512\n/);
    assert.match(routes, /BGP\.next_hop: 172\.30\.0\.11\n/);
    assert.match(routes, /BGP\.next_hop: 172\.30\.0\.12\n/);
    assert.match(routes, /BGP\.community: \(64512,100\) \(65535,65281\)\n/);
    assert.match(routes, /BGP\.large_community: \(64512, 1, 2\)\n/);
    await until("two ways in the host's kernel", async () => {
      const { stdout } = await lab.run("ip", ["route", "show", PREFIX]);
      return (stdout.match(/nexthop via/g) ?? []).length === 2 ? true : undefined;
    });
    await untilAnswers(fromHost, `${ADDRESS}:8080`, PODS);
  });

  test("events and statuses name the nodes and peers, and no node answers by ARP", LIMIT, async () => {
    const described = await until("both events", async () => {
      const text = await lab.kubectl("describe", "service", "routed");
      return NODES.every((node) => text.includes(`announcing from node "${node}" with protocol "bgp"`))
        ? text
        : undefined;
    });
    assert.doesNotMatch(described, /layer2|NotAnnounced/);
    const columns = "custom-columns=NODE:.status.node,PEERS:.status.peers";
    const statuses = await until("both statuses", async () => {
      const text = await lab.kubectl(
        "get",
        "servicebgpstatuses",
        "-n",
        "metallb-system",
        "--no-headers",
        "-o",
        columns,
      );
      return text.trim().split("\n").length === 2 ? text : undefined;
    });
    for (const node of NODES) assert.match(statuses, new RegExp(`${node} +\\[outer\\]`));
    const up = /SessionUp .* node "fairlead-1" has a BGP session with 172\.30\.0\.2/;
    await until("the peer's event", async () => (up.test(await eventsOf("bgppeer/outer")) ? true : undefined));
    assert.doesNotMatch(await onMachine(lab, "fairlead-1", "ip address show dev lo"), /198\.51\.100/);
  });

  test("a second peer of the nodes' own AS gets what is for it: a preference, from one node", LIMIT, async () => {
    await lab.kubectl("label", "node", "fairlead-1", "rack=one");
    const nodeSelectors = [{ matchLabels: { rack: "one" } }];
    await apply(
      lab,
      peer("inner", { peerASN: 64512, peerAddress: INNER, nodeSelectors }),
      metallb("BGPAdvertisement", "inner", {
        ...{ ipAddressPools: ["routed"], peers: ["inner"], aggregationLength: 28, localPref: 200 },
      }),
    );
    const routes = await inner.untilRoutes("198.51.100.0/28", isFrom("inner11"));
    assert.match(routes, /BGP\.local_pref: 200\n/);
    assert.match(await inner.ask("show", "route", PREFIX), /Network not found/);
    assert.match(await router.ask("show", "route", "198.51.100.0/28"), /Network not found/);
    await lab.kubectl("delete", "-n", "metallb-system", "bgppeer/inner", "bgpadvertisement/inner");
    await inner.untilRoutes("198.51.100.0/28", isFrom());
    assert.match(await router.ask("show", "protocols"), /outer11 .*Established/);
  });

  test(
    "with the policy Local only nodes with a pod announce, and the pod sees the client's own address",
    LIMIT,
    async () => {
      await apply(
        lab,
        webPod({ name: "seeing", node: "fairlead-2", labels: { app: "seeing" } }),
        balanced("local", { externalTrafficPolicy: "Local", selector: { app: "seeing" } }),
      );
      await ready(lab, "seeing");
      await router.untilRoutes("198.51.100.2/32", isFrom("outer12"));
      await untilAnswers(fromHost, "198.51.100.2", ["seeing"]);
      await lab.kubectl("delete", "service/local", "pod/seeing");
      await router.untilRoutes("198.51.100.2/32", isFrom());
    },
  );

  test("a node that is kept from load balancers is drained: no connection is lost", LIMIT, async () => {
    const loop = startLoop(lab, `http://${ADDRESS}:8080/hostname`);
    await lab.kubectl("label", "node", "fairlead-2", `${EXCLUDED}=`);
    await router.untilRoutes(PREFIX, isFrom("outer11"));
    const count = loop.answers().length;
    await until("further answers", async () => (loop.answers().length > count + 20 ? true : undefined));
    await lab.kubectl("label", "node", "fairlead-2", `${EXCLUDED}-`);
    await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
    assert.deepEqual(failed(await loop.stop()), []);
  });

  test("a node that is gone is noticed by BFD, and the other one gets all", LIMIT, async (t) => {
    const lostMs = performance.now();
    await onMachine(lab, "fairlead-2", "ip link set eth0 down");
    await router.untilRoutes(PREFIX, isFrom("outer11"));
    const tookMs = Math.round(performance.now() - lostMs);
    t.diagnostic(`out of the router's table after ${tookMs} ms`);
    await until("an answer", async () =>
      (await fromHost(`${ADDRESS}:8080`))[0]?.startsWith("web-") ? true : undefined,
    );
    await onMachine(lab, "fairlead-2", "ip link set eth0 up");
    await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
    await untilAnswers(fromHost, `${ADDRESS}:8080`, PODS);
    // Less than the hold time, which would notice it otherwise.
    assert.ok(tookMs < 9_000, `${tookMs} ms`);
  });

  test("a node program or a BIRD that is killed comes back, and announces again", LIMIT, async () => {
    process.kill(await newestPid(lab, ({ role }) => role === "fairlead-2/node"), "SIGKILL");
    await router.untilRoutes(PREFIX, isFrom("outer11"));
    await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
    const [bird = ""] = (await birdsOn("fairlead-1")).trim().split("\n");
    await onMachine(lab, "fairlead-1", `kill -9 ${bird}`);
    await until("another BIRD", async () => {
      const now = (await birdsOn("fairlead-1")).trim();
      return now !== "" && now !== bird ? true : undefined;
    });
    await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
    await untilAnswers(fromHost, `${ADDRESS}:8080`, PODS);
  });

  test("what is wrong with a peer is said at it, and the others go on", LIMIT, async () => {
    await apply(
      lab,
      peer("silent", { peerASN: 64501, peerAddress: "172.30.0.250" }),
      peer("unnumbered", { peerASN: 64501, interface: "eth0" }),
      peer("profileless", { peerASN: 64501, peerAddress: "172.30.0.251", bfdProfile: "slow" }),
    );
    for (const [name, wanted] of [
      ["silent", /SessionDown .* no BGP session: .*; the router at 172\.30\.0\.250 port 179 of AS 64501 must have/],
      ["unnumbered", /InvalidPeer .*interface is not supported/],
      ["profileless", /InvalidPeer .*referencing non existing bfd profile slow/],
    ] as const) {
      await until(`the event of ${name}`, async () =>
        wanted.test(await eventsOf(`bgppeer/${name}`)) ? true : undefined,
      );
    }
    await router.untilRoutes(PREFIX, isFrom("outer11", "outer12"));
  });

  test("without peers no BIRD runs, and the Service says why it is not reached", LIMIT, async () => {
    await lab.kubectl("delete", "bgppeers", "-n", "metallb-system", "--all");
    await router.untilRoutes(PREFIX, isFrom());
    for (const node of NODES) {
      await until(`no BIRD on ${node}`, async () => ((await birdsOn(node)) === "" ? true : undefined));
    }
    const event = await until("the event", async () => {
      const described = await lab.kubectl("describe", "service", "routed");
      return /Warning +NotAnnounced .*/.exec(described)?.[0];
    });
    assert.match(event, /no node answers for its address: no BGPPeer is for a node that may announce/);
  });

  async function eventsOf(of: string): Promise<string> {
    return await lab.kubectl("events", "-n", "metallb-system", "--for", of);
  }

  async function birdsOn(node: string): Promise<string> {
    return await onMachine(lab, node, "pidof bird | tr ' ' '\\n' || true");
  }
}

interface RouterOptions {
  /** Of its sessions' names. */
  readonly prefix: string;
  /** Its own address and AS. */
  readonly local: string;
  /** Further settings of each session. */
  readonly more: string;
  readonly protocols: string;
}

function routerConfig({ prefix, local, more, protocols }: RouterOptions): string {
  const sessions = [11, 12].map(
    (host) => `
protocol bgp ${prefix}${host} {
  local ${local}; neighbor 172.30.0.${host} as 64512; strict bind on;
  error wait time 1, 2; connect delay time 1; connect retry time 2;
  ${more}
  ipv4 { import all; export none; };
}`,
  );
  return `router id 172.30.0.2;\nlog stderr all;\nprotocol device {}\n${protocols}\n${sessions.join("\n")}\n`;
}

function inMetalLB(name: string) {
  return { name, namespace: "metallb-system" };
}

function metallb(kind: string, name: string, spec: object): object {
  return { apiVersion: "metallb.io/v1beta1", kind, metadata: inMetalLB(name), spec };
}

function peer(name: string, spec: object): object {
  const wanted = { myASN: 64512, ...spec };
  return { apiVersion: "metallb.io/v1beta2", kind: "BGPPeer", metadata: inMetalLB(name), spec: wanted };
}

/** A Service with an address of the pool that is announced by BGP. */
function balanced(name: string, spec: object): object {
  const annotations = { "metallb.io/address-pool": "routed" };
  const service = webService(name, { type: "LoadBalancer", ...spec }) as { readonly metadata: object };
  return { ...service, metadata: { ...service.metadata, annotations } };
}

/** Whether what the router says of a prefix has these protocols' routes, and no others. */
function isFrom(...protocols: readonly string[]): (text: string) => boolean {
  return (text) => {
    const found = [...text.matchAll(/\[((?:outer|inner)\d+) /g)].map(([, name]) => name).toSorted();
    return found.join() === protocols.toSorted().join();
  };
}

function failed(answers: readonly string[]): readonly string[] {
  return answers.filter((answer) => !answer.startsWith("web-"));
}
