/** Addresses of load balancers: which node answers, for whom, and what happens when it goes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { killAll, newestPid, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";
import { type Ask, apply, askFromHost, ready, untilAnswers, webPod, webService } from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 360_000 };
const NODES = ["fairlead-1", "fairlead-2", "fairlead-3"];
const PODS = ["web-1", "web-2", "web-3"];
/** The second node answers for it before the others, and after it the first one. */
const FOREIGN = "172.30.0.216";
/** The same. */
const MOVING = "172.30.0.213";

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let fromHost: Ask;

  before(async () => {
    lab = await startLab();
    fromHost = askFromHost(lab);
    await upOrShowLogs(lab, ["--nodes", "3"]);
    await apply(lab, ...PODS.map((name, at) => webPod({ name, node: NODES[at] ?? "" })));
    await ready(lab, ...PODS);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("a Service gets an address, and answers there from the host", LIMIT, async () => {
    await apply(lab, webService("balanced", { type: "LoadBalancer", ports: [{ port: 8080, targetPort: 80 }] }));
    assert.equal(await addressOf("balanced"), "172.30.0.200");
    await untilAnswers(fromHost, "172.30.0.200:8080", PODS);
  });

  test("one node answers for it, and `describe` names it", LIMIT, async () => {
    const owner = await ownerOf("balanced");
    const described = await lab.kubectl("describe", "service", "balanced");
    assert.match(described, /IPAllocated .* Assigned IP \["172\.30\.0\.200"\]/);
    assert.match(described, new RegExp(`nodeAssigned .* announcing from node "${owner}" with protocol "layer2"`));
    assert.equal((await hardwareAddresses("172.30.0.200", owner)).length, 1);
  });

  test(
    "a port without a Service is refused at the address, though the node listens on all of its own",
    LIMIT,
    async () => {
      const owner = await ownerOf("balanced");
      const kubelet = async (address: string) =>
        (await lab.run("curl", ["-sk", "-m", "3", "-o", "/dev/null", `https://${address}:10250/healthz`])).exitCode;
      assert.equal(await kubelet(`172.30.0.1${owner.slice(-1)}`), 0);
      const REFUSED = 7;
      assert.equal(await kubelet("172.30.0.200"), REFUSED);
      for (const node of NODES) await onMachine(lab, node, "nft delete table ip fairlead-loadbalancer");
      await until("the rules to be there again", async () =>
        (await kubelet("172.30.0.200")) === REFUSED ? true : undefined,
      );
      const ping = await lab.run("busybox", ["ping", "-c", "1", "-W", "3", "172.30.0.200"]);
      assert.equal(ping.exitCode, 0, ping.stdout);
    },
  );

  test("loadBalancerSourceRanges keeps others out", LIMIT, async () => {
    const spec = { type: "LoadBalancer", loadBalancerSourceRanges: ["172.30.0.13/32"] };
    await apply(lab, webService("ranged", spec));
    const address = await addressOf("ranged");
    const asked = async (machine: string) => {
      const script = `for i in 1 2 3; do curl -s -m 2 http://${address}/hostname || echo none; done`;
      return [...new Set((await onMachine(lab, machine, script)).trim().split("\n"))];
    };
    await until("the third node to be answered", async () =>
      (await asked("fairlead-3")).every((answer) => PODS.includes(answer)) ? true : undefined,
    );
    assert.deepEqual(await asked("fairlead-2"), ["none"]);
    assert.match((await fromHost(address)).join(), /failed: .*(timed out|Timeout)/i);

    // What the node that answers for the address sends there comes from the address itself.
    const owner = await ownerOf("ranged");
    const ranges = [`172.30.0.1${owner.slice(-1)}/32`];
    await lab.kubectl(
      "patch",
      "service",
      "ranged",
      "-p",
      JSON.stringify({ spec: { loadBalancerSourceRanges: ranges } }),
    );
    await until("the node that answers for it to be answered", async () =>
      (await asked(owner)).every((answer) => PODS.includes(answer)) ? true : undefined,
    );
    await lab.kubectl("delete", "service", "ranged");
  });

  test("with the policy Local a pod sees the client's own address", LIMIT, async () => {
    await apply(lab, seeingPod("seeing", "fairlead-3"));
    await ready(lab, "seeing");
    const spec = { type: "LoadBalancer", externalTrafficPolicy: "Local", selector: { app: "seeing" } };
    await apply(lab, webService("local", spec));
    await untilAnswers(fromHost, `${await addressOf("local")}:80`, ["seeing"]);
    assert.equal(await ownerOf("local"), "fairlead-3");
    await until("the client's address in its log", async () =>
      /172\.30\.0\.2\b/.test(await lab.kubectl("logs", "seeing")) ? true : undefined,
    );
  });

  test("a node program that is killed leaves the address where it is, and no request fails", LIMIT, async () => {
    const owner = await ownerOf("balanced");
    const loop = startLoop(lab, "http://172.30.0.200:8080/hostname");
    const program = await newestPid(lab, (entry) => entry.role === `${owner}/node`);
    process.kill(program, "SIGKILL");
    await until("the program to run again", async () =>
      (await newestPid(lab, (entry) => entry.role === `${owner}/node`)) === program ? undefined : true,
    );
    await untilAnswers(fromHost, "172.30.0.200:8080", PODS);
    assert.deepEqual(failed(await loop.stop()), []);
    assert.equal(await ownerOf("balanced"), owner);
  });

  test("when the node is gone, another one answers; when it is back, one of them", LIMIT, async (t) => {
    const spec = { type: "LoadBalancer", loadBalancerIP: MOVING, ports: [{ port: 8080, targetPort: 80 }] };
    await apply(lab, webService("moving", spec));
    await untilAnswers(fromHost, `${MOVING}:8080`, PODS);
    assert.equal(await ownerOf("moving"), "fairlead-2");
    const loop = startLoop(lab, `--max-time 1 http://${MOVING}:8080/hostname`);
    const lostMs = performance.now();
    await onMachine(lab, "fairlead-2", "ip link set eth0 down");
    const before = loop.answers().length;
    const isAnswered = () =>
      loop
        .answers()
        .slice(before)
        .some((answer) => answer.startsWith("web-"));
    await until("another node to answer", async () => (isAnswered() ? true : undefined));
    t.diagnostic(`answered again after ${Math.round(performance.now() - lostMs)} ms`);
    await until("the status to name it", async () =>
      (await ownersOf("moving")).join() === "fairlead-1" ? true : undefined,
    );
    await onMachine(lab, "fairlead-2", "ip link set eth0 up");
    await until("the first node to answer again", async () =>
      (await ownersOf("moving")).join() === "fairlead-2" ? true : undefined,
    );
    await until("no other node to answer", async () =>
      (await hardwareAddresses(MOVING, "fairlead-2")).length === 1 ? true : undefined,
    );
    await loop.stop();
    await untilAnswers(fromHost, `${MOVING}:8080`, PODS);
  });

  test("a node that is kept from load balancers gives the address to another one", LIMIT, async () => {
    const owner = await ownerOf("moving");
    await lab.kubectl("label", "node", owner, "node.kubernetes.io/exclude-from-external-load-balancers=");
    await until("another node to answer", async () => ((await ownerOf("moving")) === owner ? undefined : true));
    await untilAnswers(fromHost, `${MOVING}:8080`, PODS);
    await lab.kubectl("label", "node", owner, "node.kubernetes.io/exclude-from-external-load-balancers-");
    await until("the node to answer again", async () => ((await ownerOf("moving")) === owner ? true : undefined));
  });

  test("the address of a node is one for Services, too", LIMIT, async () => {
    const pool = {
      apiVersion: "metallb.io/v1beta1",
      kind: "IPAddressPool",
      metadata: { name: "node", namespace: "metallb-system" },
      spec: { addresses: ["172.30.0.12-172.30.0.12"], autoAssign: false },
    };
    const metadata = { annotations: { "metallb.io/address-pool": "node" } };
    const advertisement = {
      ...{ apiVersion: "metallb.io/v1beta1", kind: "L2Advertisement" },
      ...{ metadata: { name: "node", namespace: "metallb-system" }, spec: { ipAddressPools: ["node"] } },
    };
    const service = webService("as-node", { type: "LoadBalancer", ports: [{ port: 3000, targetPort: 80 }] });
    await apply(lab, pool, advertisement, {
      ...service,
      metadata: { ...metadata, name: "as-node", namespace: "default" },
    });
    assert.equal(await addressOf("as-node"), "172.30.0.12");
    await untilAnswers(fromHost, "172.30.0.12:3000", PODS);
    await lab.kubectl("delete", "service", "as-node");
    assert.match(await onMachine(lab, "fairlead-2", "ip -4 address show dev eth0"), /172\.30\.0\.12\/24/);
  });

  test("another machine that has the address as well is noticed", LIMIT, async () => {
    await onMachine(lab, "fairlead-3", `ip address add ${FOREIGN}/32 dev lo`);
    const spec = { type: "LoadBalancer", loadBalancerIP: FOREIGN, ports: [{ port: 8080, targetPort: 80 }] };
    await apply(lab, webService("foreign", spec));
    const event = await until("the event", async () => {
      const described = await lab.kubectl("describe", "service", "foreign");
      return /Warning +AddressConflict .*/.exec(described)?.[0];
    });
    assert.match(event, new RegExp(`[0-9a-f:]{17} answers for ${FOREIGN.replaceAll(".", "\\.")}, too`, "i"));
    await onMachine(lab, "fairlead-3", `ip address del ${FOREIGN}/32 dev lo`);
    await lab.kubectl("delete", "service", "foreign");
  });

  test(
    "everything gone, as after a reboot: Services have the same addresses, and are answered there",
    LIMIT,
    async () => {
      // The first free address would be another one now.
      await apply(lab, webService("later", { type: "LoadBalancer" }));
      const before = await Promise.all(["later", "moving", "local"].map(addressOf));
      await lab.kubectl("delete", "service", "balanced");
      await killAll(lab, NODES);
      await upOrShowLogs(lab, []);
      assert.deepEqual(await Promise.all(["later", "moving", "local"].map(addressOf)), before);
      await untilAnswers(fromHost, `${before[0]}:80`, PODS);
      await untilAnswers(fromHost, `${MOVING}:8080`, PODS);
      await untilAnswers(fromHost, `${before[2]}:80`, ["seeing"]);
    },
  );

  test("a Service that goes takes its address along", LIMIT, async () => {
    await lab.kubectl("delete", "service", "local", "moving", "later");
    await until("no machine to hold an address", async () => {
      const held = await Promise.all(NODES.map((node) => onMachine(lab, node, "ip address show label lo:fairlead")));
      return held.join("") === "" ? true : undefined;
    });
    assert.deepEqual(await ownersOf("moving"), []);
  });

  async function addressOf(service: string): Promise<string> {
    return await until(`an address of ${service}`, async () => {
      const path = "jsonpath={.status.loadBalancer.ingress[0].ip}";
      return (await lab.kubectl("get", "service", service, "-o", path)) || undefined;
    });
  }

  async function ownersOf(service: string): Promise<readonly string[]> {
    const selector = ["-l", `metallb.io/service-name=${service}`];
    const text = await lab.kubectl("get", "servicel2statuses", "-n", "metallb-system", ...selector, "-o", "json");
    const { items } = JSON.parse(text) as { items: { status?: { node: string } }[] };
    return items.flatMap(({ status }) => status?.node ?? []);
  }

  async function ownerOf(service: string): Promise<string> {
    return await until(`a node to answer for ${service}`, async () => {
      const owners = await ownersOf(service);
      return owners.length === 1 ? owners[0] : undefined;
    });
  }

  /** Those that answer another node's questions for an address. */
  async function hardwareAddresses(address: string, owner: string): Promise<readonly string[]> {
    const other = NODES.find((node) => node !== owner) ?? "";
    const replies = await onMachine(lab, other, `busybox arping -b -c 3 -w 3 -I eth0 ${address} || true`);
    return [...new Set(replies.match(/(?<=\[)[0-9a-f:]{17}(?=\])/gi) ?? [])];
  }
}

function failed(answers: readonly string[]): readonly string[] {
  return answers.filter((answer) => !answer.startsWith("web-"));
}

/** A pod `app: NAME` that logs the address of each client. */
function seeingPod(name: string, node: string): object {
  const pod = webPod({ name, node, labels: { app: name } }) as { spec: { containers: readonly object[] } };
  const [container] = pod.spec.containers;
  const args = ["httpd", "-f", "-vv", "-p", "80", "-h", "/etc"];
  return { ...pod, spec: { ...pod.spec, containers: [{ ...container, args }] } };
}
