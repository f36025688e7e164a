/** Services while nodes come, go and change their address. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";
import {
  type Ask,
  apply,
  clusterIPOf,
  ready,
  untilAnswers,
  upWithClient,
  webPod,
  webService,
} from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 360_000 };
const [FIRST, SECOND, THIRD] = ["172.30.0.11", "172.30.0.12", "172.30.0.13"] as const;
const MOVED = "172.30.0.99";

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let fromClient: Ask;
  let fromHost: Ask;

  before(async () => {
    lab = await startLab();
    ({ fromClient, fromHost } = await upWithClient(lab, [
      { name: "web-1", node: "fairlead-1" },
      { name: "web-2", node: "fairlead-2" },
    ]));
    await apply(
      lab,
      webService("given", { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] }),
      webService("automatic", { type: "NodePort" }),
    );
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("node ports, given and automatic, answer on every address of every node", LIMIT, async () => {
    const automatic = await lab.kubectl("get", "service", "automatic", "-o", "jsonpath={.spec.ports[0].nodePort}");
    assert.ok(Number(automatic) >= 30_000 && Number(automatic) <= 32_767);
    await onMachine(lab, "fairlead-2", "ip address add 172.30.0.201/24 dev eth0");
    for (const address of [FIRST, SECOND, "172.30.0.201"]) {
      for (const port of ["30080", automatic]) {
        for (const ask of [fromHost, fromClient]) await untilAnswers(ask, `${address}:${port}`, ["web-1", "web-2"]);
      }
    }
    await onMachine(lab, "fairlead-2", "ip address del 172.30.0.201/24 dev eth0");
  });

  test("a node that is added while the Service is used answers at once, and takes pods", LIMIT, async () => {
    const loop = startLoop(lab, `http://${await clusterIPOf(lab, "given")}/hostname`);
    await lab.fairlead("node", "add");
    for (const machine of ["fairlead-1", "fairlead-2", "fairlead-3"]) {
      assert.match(
        await onMachine(lab, machine, "getent hosts fairlead-3 fairlead-1"),
        new RegExp(`^${THIRD} .*\n${FIRST} `),
      );
    }
    const answers = await fromHost(`${THIRD}:30080`, 10);
    assert.deepEqual(
      answers.filter((answer) => !answer.startsWith("web-")),
      [],
    );
    await apply(lab, webPod({ name: "web-3", node: "fairlead-3" }));
    await ready(lab, "web-3");
    await untilAnswers(fromClient, await clusterIPOf(lab, "given"), ["web-1", "web-2", "web-3"]);
    assert.deepEqual(
      (await loop.stop()).filter((answer) => !answer.startsWith("web-")),
      [],
    );
  });

  for (const { node, home, pod, others } of [
    { node: "fairlead-2", home: SECOND, pod: "web-2", others: ["fairlead-1", "fairlead-3"] },
    { node: "fairlead-1", home: FIRST, pod: "web-1", others: ["fairlead-2", "fairlead-3"] },
  ]) {
    test(`${node} that gets another address is followed, and back`, LIMIT, async () => {
      const started = await startTimes(lab);
      await moveNode(lab, { node, from: home, to: MOVED });
      await untilMoved(lab, { node, pod, address: MOVED });
      await works(home, MOVED);
      await moveNode(lab, { node, from: MOVED, to: home });
      await untilMoved(lab, { node, pod, address: home });
      await works(MOVED, home);
      const counted = await onMachine(lab, node, `curl -sS -m 3 http://${home}:9153/metrics`);
      assert.match(counted, new RegExp(`^coredns_dns_requests_total\\{server="dns://${MOVED}:53"`, "m"));
      assert.equal(await startTimes(lab), started, "no container was started again");
    });

    async function works(from: string, to: string): Promise<void> {
      const range = await lab.kubectl("get", "node", node, "-o", "jsonpath={.spec.podCIDR}");
      for (const machine of others) {
        const routes = await onMachine(lab, machine, "ip route show proto 174");
        assert.match(routes, new RegExp(`^${range} via ${to.replaceAll(".", "\\.")} dev eth0`, "m"));
        const neighbours = await onMachine(lab, machine, "ip neighbour show");
        // Without a link it is only asked for: by connections from before, which do not know yet that they are dead.
        assert.doesNotMatch(neighbours, new RegExp(`^${from} dev eth0 lladdr`, "m"));
      }
      await untilAnswers(fromClient, await clusterIPOf(lab, "given"), ["web-1", "web-2", "web-3"]);
      await untilAnswers(fromHost, await clusterIPOf(lab, "given"), ["web-1", "web-2", "web-3"]);
      await untilAnswers(fromHost, `${to}:30080`, ["web-1", "web-2", "web-3"]);
      // From its own pods to the others, and by its own DNS.
      const command = "curl -sS -m 3 http://given/hostname";
      assert.match(await lab.kubectl("exec", pod, "--", "sh", "-c", command), /^web-\d$/m);
      const api = "curl -sSk -m 3 -o /dev/null -w '%{http_code}' https://kubernetes.default/version";
      assert.equal(await lab.kubectl("exec", pod, "--", "sh", "-c", api), "200");
      assert.match(await lab.kubectl("get", "pod", pod, "-o", "jsonpath={.status.hostIP}"), new RegExp(`^${to}$`));
      assert.equal(await lab.fairlead("ip", node), `${to}\n`);
    }
  }

  test("a removed node answers no longer, and no node has a route to it", LIMIT, async () => {
    const range = await lab.kubectl("get", "node", "fairlead-3", "-o", "jsonpath={.spec.podCIDR}");
    await lab.fairlead("node", "remove", "fairlead-3");
    await untilAnswers(fromClient, await clusterIPOf(lab, "given"), ["web-1", "web-2"]);
    const { exitCode } = await lab.run("curl", ["-s", "-m", "2", `http://${THIRD}:30080/hostname`]);
    assert.notEqual(exitCode, 0);
    for (const machine of ["fairlead-1", "fairlead-2"]) {
      await until(`${machine} to forget the way`, async () => {
        const known = await onMachine(lab, machine, "ip route show; ip neighbour show; cat /etc/hosts");
        return known.includes(range) || known.includes(`${THIRD} `) ? undefined : true;
      });
    }
    await until("no slice to name it", async () => {
      const slices = ["get", "endpointslices", "-A", "-o", "jsonpath={.items[*].endpoints[*].nodeName}"];
      return (await lab.kubectl(...slices)).includes("fairlead-3") ? undefined : true;
    });
  });
}

/** As in a renumbering of the network: the machine has no address for a moment. */
async function moveNode(lab: Lab, { node, from, to }: { node: string; from: string; to: string }): Promise<void> {
  await onMachine(
    lab,
    node,
    `ip address del ${from}/24 dev eth0; ip address add ${to}/24 dev eth0; ip route replace default via 172.30.0.1`,
  );
}

async function untilMoved(
  lab: Lab,
  { node, pod, address }: { node: string; pod: string; address: string },
): Promise<void> {
  await until(`all nodes to know ${node} as ${address}`, async () => {
    const internalIP = await lab.kubectl("get", "node", node, "-o", "jsonpath={.status.addresses[0].address}");
    assert.equal(internalIP, address);
    const slice = ["get", "endpointslice", `kube-dns-${node}`, "-n", "kube-system"];
    const dns = await lab.kubectl(
      ...slice,
      "-o",
      "jsonpath={.endpoints[0].addresses[0]} {.endpoints[0].conditions.ready}",
    );
    assert.equal(dns, `${address} true`);
    assert.match(await lab.kubectl("logs", pod), /^/);
    assert.match(await lab.kubectl("get", "nodes", "--no-headers"), new RegExp(`^${node} +Ready `, "m"));
    return true;
  });
}

/** When each container of each pod was started. */
async function startTimes(lab: Lab): Promise<string> {
  return await lab.kubectl("get", "pods", "-o", `jsonpath=${STARTED}`);
}

const STARTED =
  '{range .items[*]}{.metadata.name} {.status.containerStatuses[*].containerID} {.status.containerStatuses[*].state.running.startedAt}{"\\n"}{end}';
