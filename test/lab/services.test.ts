/** Services as clients see them: session affinity, readiness, load balancers without addresses, endpoints made by hand. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { insideLab, type Lab, reactionMs, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";
import {
  type Ask,
  answers,
  apply,
  clusterIPOf,
  ready,
  untilAnswers,
  upWithClient,
  webPod,
  webService,
} from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 240_000 };
const NODES = ["172.30.0.11", "172.30.0.12"];
const API_SERVER = "172.30.0.10";
/** The lab itself, which is outside the cluster. */
const OUTSIDE = "172.30.0.2";
const WEB = ["web-1", "web-2", "web-3"];

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let fromClient: Ask;
  let fromHost: Ask;

  before(async () => {
    lab = await startLab();
    ({ fromClient, fromHost } = await upWithClient(lab, [
      { name: "web-1", node: "fairlead-1" },
      { name: "web-2", node: "fairlead-2" },
      { name: "web-3", node: "fairlead-2" },
    ]));
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test(
    "a load balancer without addresses is pending, works otherwise, and an event says why, once",
    LIMIT,
    async () => {
      await lab.fairlead("addons", "disable", "loadbalancer");
      await apply(lab, webService("balanced", { type: "LoadBalancer" }));
      const shown = await lab.kubectl("get", "service", "balanced", "--no-headers");
      assert.match(shown, /^balanced +LoadBalancer +10\.\S+ +<pending> +80:3\d{4}\/TCP/);
      const nodePort = await lab.kubectl("get", "service", "balanced", "-o", "jsonpath={.spec.ports[0].nodePort}");
      await untilAnswers(fromClient, await clusterIPOf(lab, "balanced"), WEB);
      for (const node of NODES) await untilAnswers(fromHost, `${node}:${nodePort}`, WEB);
      for (const round of ["a", "b", "c"])
        await lab.kubectl("label", "--overwrite", "service", "balanced", `round=${round}`);
      const said = await until("the event", async () => {
        const text = await lab.kubectl("describe", "service", "balanced");
        return /Warning +AllocationFailed +.*/.exec(text)?.[0];
      });
      assert.match(
        said,
        /^Warning +AllocationFailed +\d+s +loadbalancer +Failed to allocate IP for "default\/balanced"/,
      );
      assert.match(said, new RegExp(`port ${nodePort} of every node`));
      const given = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } } };
      const patch = ["--subresource=status", "--type=merge", "-p", JSON.stringify(given)];
      await lab.kubectl("patch", "service", "balanced", ...patch);
      assert.match(await lab.kubectl("get", "service", "balanced", "--no-headers"), / 192\.0\.2\.10 /);
      // Addresses in the status are served: packets for them that reach a node go to the pods.
      assert.match(await onMachine(lab, "fairlead-1", "curl -sS -m 3 http://192.0.2.10/hostname"), /^web-\d$/m);
      await apply(lab, webService("classed", { type: "LoadBalancer", loadBalancerClass: "example.com/lb" }));
      await apply(lab, webService("later", { type: "LoadBalancer" }));
      const recorded = await until("the event of the last one", async () => {
        const names = await lab.kubectl("get", "events", "-o", REASONED);
        return names.includes("later AllocationFailed")
          ? names
              .trim()
              .split("\n")
              .filter((l) => /Alloc/.test(l))
          : undefined;
      });
      assert.deepEqual(recorded.sort(), ["balanced AllocationFailed 1", "later AllocationFailed 1"]);
      await lab.kubectl("delete", "service", "balanced", "classed", "later");
    },
  );

  test("session affinity is switched on and off on a living Service, by address and node port", LIMIT, async () => {
    await apply(lab, webService("sticky", { type: "NodePort" }));
    const clusterIP = await clusterIPOf(lab, "sticky");
    const nodePort = await lab.kubectl("get", "service", "sticky", "-o", "jsonpath={.spec.ports[0].nodePort}");
    await untilAnswers(fromClient, clusterIP, WEB);
    const turn = (sessionAffinity: string) =>
      lab.kubectl("patch", "service", "sticky", "-p", JSON.stringify({ spec: { sessionAffinity } }));
    await turn("ClientIP");
    await until("one pod to get all of a client's connections", async () =>
      (await answers(fromClient, clusterIP, 12)).length === 1 ? true : undefined,
    );
    const [pod] = await answers(fromClient, clusterIP, 12);
    assert.deepEqual(await answers(fromClient, `${NODES[0]}:${nodePort}`, 12), [pod], "the same by the node port");
    for (const node of NODES) assert.equal((await answers(fromHost, `${node}:${nodePort}`, 12)).length, 1);
    await turn("None");
    await untilAnswers(fromClient, clusterIP, WEB);
    for (const node of NODES) await untilAnswers(fromHost, `${node}:${nodePort}`, WEB);
    await lab.kubectl("delete", "service", "sticky");
  });

  test("session affinity survives that other endpoints come and go, and moves when its pod goes", LIMIT, async () => {
    await apply(lab, webService("sticky", { sessionAffinity: "ClientIP" }));
    const clusterIP = await clusterIPOf(lab, "sticky");
    await until("an answer", async () => ((await one(fromClient, clusterIP)).startsWith("web-") ? true : undefined));
    const chosen = await one(fromClient, clusterIP);
    await apply(lab, webPod({ name: "web-4", node: "fairlead-1" }));
    await ready(lab, "web-4");
    await untilEndpoints(lab, "sticky", 4);
    assert.deepEqual(await answers(fromClient, clusterIP, 12), [chosen]);
    await lab.kubectl("delete", "pod", "web-4");
    const other = WEB.filter((pod) => pod !== chosen)[0] ?? "";
    await lab.kubectl("delete", "pod", other);
    await untilEndpoints(lab, "sticky", 2);
    assert.deepEqual(await answers(fromClient, clusterIP, 12), [chosen]);
    await lab.kubectl("delete", "pod", chosen);
    const last = WEB.find((pod) => pod !== chosen && pod !== other);
    assert.deepEqual(await answers(fromClient, clusterIP, 12), [last]);
    await lab.kubectl("delete", "service", "sticky");
    await apply(lab, webPod({ name: chosen, node: "fairlead-1" }), webPod({ name: other, node: "fairlead-2" }));
    await ready(lab, ...WEB);
  });

  test("session affinity is forgotten after its time, and not before", LIMIT, async () => {
    const config = { clientIP: { timeoutSeconds: 1 } };
    await apply(lab, webService("sticky", { sessionAffinity: "ClientIP", sessionAffinityConfig: config }));
    const clusterIP = await clusterIPOf(lab, "sticky");
    await until("an answer", async () => ((await one(fromClient, clusterIP)).startsWith("web-") ? true : undefined));
    const client = await lab.kubectl("get", "pod", "client", "-o", "jsonpath={.status.podIP}");
    // One connection after another in one process in the pod: each is much sooner than a second after the one before.
    const loop = `for i in $(seq 60); do curl -sS -m 3 http://${clusterIP}/hostname; sleep 0.05; done`;
    const said = await lab.kubectl("exec", "client", "--", "sh", "-c", loop);
    assert.equal(new Set(said.trim().split("\n")).size, 1, "three seconds of use");
    const seen = new Set<string>();
    await until("the client to get another pod", async () => {
      seen.add(await one(fromClient, clusterIP));
      await until("the kernel to forget the client", async () => {
        const sets = await onMachine(lab, "fairlead-1", "nft list table ip fairlead-proxy");
        return sets.includes(`${client} timeout`) || sets.includes(`${client} expires`) ? undefined : true;
      });
      return seen.size > 1 ? true : undefined;
    });
    for (const [timeoutSeconds, problem] of [
      [0, "must be greater than 0 and less than 86400"],
      [86_401, "must be greater than 0 and less than 86400"],
    ] as const) {
      const spec = { sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
      const refused = await lab.run("kubectl", ["patch", "service", "sticky", "-p", JSON.stringify({ spec })]);
      assert.match(refused.stderr, new RegExp(`clientIP.timeoutSeconds: Invalid value: ${timeoutSeconds}: ${problem}`));
    }
    await lab.kubectl("delete", "service", "sticky");
  });

  test(
    "a Service cannot take the API server or a kubelet away, and gets other ports of their addresses",
    LIMIT,
    async () => {
      const [, second = ""] = NODES;
      const ports = [6443, 10_250, 9153, 8081].map((port) => ({ name: `p${port}`, port, targetPort: 80 }));
      await apply(lab, webService("grab", { externalIPs: [API_SERVER, second], ports }));
      await untilAnswers(fromClient, `${second}:8081`, WEB);
      await untilAnswers(fromClient, `${API_SERVER}:8081`, WEB);
      for (const node of ["fairlead-1", "fairlead-2"]) {
        assert.equal(await onMachine(lab, node, `curl -sSk -m 3 https://${API_SERVER}:6443/healthz`), "ok", node);
      }
      await lab.kubectl("exec", "web-2", "--", "true");
      const events = await until("the events of both nodes", async () => {
        const text = await lab.kubectl("describe", "service", "grab");
        return [...text.matchAll(/Warning +ExternalAddressReserved .*/g)].length === 2 ? text : undefined;
      });
      assert.match(events, /external address 172\.30\.0\.10 port 6443\/TCP: the API server listens there;/);
      assert.match(events, /172\.30\.0\.12 port 10250\/TCP: the kubelet of node "fairlead-2" listens there/);
      assert.match(events, /172\.30\.0\.12 port 9153\/TCP: the DNS server of node "fairlead-2" listens there/);
      await lab.kubectl("delete", "service", "grab");
    },
  );

  test("a pod that is not ready leaves its Service within its probe's period, and comes back", LIMIT, async () => {
    const command = ["sh", "-c", "! test -e /tmp/out"];
    const probe = { exec: { command }, periodSeconds: 1, failureThreshold: 1 };
    const labels = { app: "moody" };
    await apply(
      lab,
      webPod({ name: "moody-1", labels, node: "fairlead-1", readinessProbe: probe }),
      webPod({ name: "moody-2", labels, node: "fairlead-2", readinessProbe: probe }),
      webService("moody", { selector: labels }),
    );
    await ready(lab, "moody-1", "moody-2");
    const clusterIP = await clusterIPOf(lab, "moody");
    await untilAnswers(fromClient, clusterIP, ["moody-1", "moody-2"]);
    const boundMs = 1_000 + (await reactionMs(() => lab.kubectl("exec", "moody-2", "--", "touch", "/tmp/out")));
    const outMs = Date.now();
    // Requests are under way the whole time, so the last answer of the pod says when it had left.
    let lastMs = outMs;
    while (Date.now() - outMs < 2 * boundMs) {
      if ((await one(fromHost, clusterIP)) === "moody-2") lastMs = Date.now();
    }
    assert.ok(lastMs - outMs < boundMs, `it was asked for ${lastMs - outMs} ms, of at most ${boundMs}`);
    await lab.kubectl("exec", "moody-2", "--", "rm", "/tmp/out");
    await untilAnswers(fromClient, clusterIP, ["moody-1", "moody-2"]);
    await lab.kubectl("delete", "service/moody", "pod/moody-1", "pod/moody-2");
  });

  test("Endpoints made by hand lead outside the cluster, and are followed", LIMIT, async () => {
    await using first = await outsideServer("first");
    await using second = await outsideServer("second");
    await apply(lab, webService("outside", { selector: undefined }), endpoints([OUTSIDE], first.port));
    const clusterIP = await clusterIPOf(lab, "outside");
    await untilAnswers(fromClient, clusterIP, ["first"]);
    const slices = ["get", "endpointslices", "-l", "kubernetes.io/service-name=outside", "--no-headers"];
    assert.match(await lab.kubectl(...slices), new RegExp(`^outside-\\S+ +IPv4 +${first.port} +${OUTSIDE} `));
    await apply(lab, endpoints([OUTSIDE], second.port));
    await untilAnswers(fromClient, clusterIP, ["second"]);
    await lab.kubectl("delete", "endpoints", "outside");
    await until("a refusal", async () =>
      /refused|Failed to connect/.test(await one(fromClient, clusterIP)) ? true : undefined,
    );
    assert.equal(await lab.kubectl(...slices), "");
    await lab.kubectl("delete", "service", "outside");
  });
}

const REASONED =
  'jsonpath={range .items[?(@.involvedObject.kind=="Service")]}{.involvedObject.name} {.reason} {.count}{"\\n"}{end}';

async function one(ask: Ask, address: string): Promise<string> {
  return (await ask(address))[0] ?? "";
}

function endpoints(ips: readonly string[], port: number): object {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "outside", namespace: "default" },
    subsets: [{ addresses: ips.map((ip) => ({ ip })), ports: [{ port }] }],
  };
}

async function untilEndpoints(lab: Lab, service: string, count: number): Promise<void> {
  await until(`${service} to have ${count} endpoints`, async () => {
    const ips = await lab.kubectl("get", "endpoints", service, "-o", "jsonpath={.subsets[*].addresses[*].ip}");
    return ips.split(" ").length === count ? true : undefined;
  });
}

/** A web server that no pod is. */
async function outsideServer(name: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_, response) => response.end(`${name}\n`)).listen(0, "0.0.0.0");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
