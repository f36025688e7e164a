import assert from "node:assert/strict";
import { upOrShowLogs } from "../cluster.testing.ts";
import { type Lab, type Outcome, until } from "../lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";

/** What a test says about a pod that answers `GET /hostname` on port 80 with its name. */
export interface WebPod {
  readonly name: string;
  readonly namespace?: string;
  /** Default: `app: web`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: the scheduler's choice. */
  readonly node?: string;
  readonly hostname?: string;
  readonly subdomain?: string;
  /** The node's folder whose files it answers with, `hostname` among them. Default: its own `/etc`. */
  readonly serves?: string;
  /** Default: that it answers, once a second. */
  readonly readinessProbe?: object;
}

/** The Pod object. It ends as soon as it is asked to, and serves to its end. */
export function webPod({ name, namespace = "default", labels = { app: "web" }, node, ...more }: WebPod): object {
  const { readinessProbe = { httpGet: { path: "/hostname", port: 80 }, periodSeconds: 1 }, hostname, subdomain } = more;
  const { serves } = more;
  const root = serves === undefined ? "/etc" : "/served";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeName: node,
      hostname,
      subdomain,
      containers: [
        {
          name: "web",
          image: IMAGE,
          args: ["httpd", "-f", "-p", "80", "-h", root],
          readinessProbe,
          ports: [HTTP],
          ...(serves !== undefined && { volumeMounts: [{ name: "served", mountPath: root }] }),
        },
      ],
      ...(serves !== undefined && { volumes: [{ name: "served", hostPath: { path: serves } }] }),
    },
  };
}

const HTTP = { name: "http", containerPort: 80 };

/** An idle pod for running commands in it. */
function idlePod(name: string, more: { readonly namespace?: string; readonly node?: string } = {}): object {
  const { namespace = "default", node } = more;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: "idle" } },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeName: node,
      containers: [{ name: "idle", image: IMAGE, args: ["sleep", "infinity"] }],
    },
  };
}

/** A Service of the pods `app: web`, port 80, with what the test is about. */
export function webService(name: string, spec: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
  };
}

/** The clients in a cluster of {@link upWithClient}. */
export interface Askers {
  /** The pod `client` on the first node. */
  readonly fromClient: Ask;
  readonly fromHost: Ask;
}

/** A cluster of two nodes with a client and these pods. Resolves when all of them are Ready. */
export async function upWithClient(lab: Lab, pods: readonly WebPod[]): Promise<Askers> {
  await upOrShowLogs(lab, ["--nodes", "2"]);
  await apply(lab, idlePod("client", { node: "fairlead-1" }), ...pods.map(webPod));
  await ready(lab, "client", ...pods.map(({ name }) => name));
  return { fromClient: askFromPod(lab, "client"), fromHost: askFromHost(lab) };
}

/** `kubectl apply` of objects. */
export async function apply(lab: Lab, ...items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input });
  assert.equal(exitCode, 0, stderr);
}

/** Waits until the pods are ready. */
export async function ready(lab: Lab, ...pods: readonly string[]): Promise<void> {
  const names = pods.map((pod) => `pod/${pod}`);
  await lab.kubectl("wait", "--for=condition=Ready", ...names, "--timeout=240s");
}

export async function clusterIPOf(lab: Lab, service: string): Promise<string> {
  return await lab.kubectl("get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
}

/**
 * Asks for `/hostname` of an address, each time on a new connection.
 *
 * @param requests - Default 1.
 * @returns a line for each: the name of the pod that answered, or `failed: ` and curl's reason.
 */
export type Ask = (address: string, requests?: number) => Promise<readonly string[]>;

/** Asks from the host. */
export function askFromHost(lab: Lab): Ask {
  return async (address, requests) => linesOf(await lab.run("sh", ["-c", script(address, requests)]));
}

/** Asks from within a pod. */
function askFromPod(lab: Lab, pod: string): Ask {
  return async (address, requests) =>
    linesOf(await lab.run("kubectl", ["exec", pod, "--", "sh", "-c", script(address, requests)]));
}

function script(address: string, requests = 1): string {
  return `for i in $(seq ${requests}); do curl -sS -m 3 http://${address}/hostname 2>&1 | sed 's/^curl:/failed:/'; done`;
}

function linesOf({ exitCode, stdout, stderr }: Outcome): readonly string[] {
  assert.equal(exitCode, 0, stderr);
  return stdout.trimEnd().split("\n");
}

/** The different answers to so many requests, sorted. */
export async function answers(ask: Ask, address: string, requests: number): Promise<readonly string[]> {
  return [...new Set(await ask(address, requests))].sort();
}

/** Waits until all of the answers are these and no others, in one go of so many requests. */
export async function untilAnswers(ask: Ask, address: string, wanted: readonly string[]): Promise<void> {
  let last: readonly string[] = [];
  await until(`${address} to be answered by ${wanted.join(", ")}`, async () => {
    last = await answers(ask, address, wanted.length * 8);
    return last.join() === wanted.toSorted().join() ? true : undefined;
  }).catch((error: Error) => {
    throw new Error(`${error.message}: answered by ${last.join(", ")}`, { cause: error });
  });
}

/** Makes the Service `web` with these pods, the nodes in turn. Resolves to its ClusterIP when each of them has answered. */
export async function startWeb(lab: Lab, pods: readonly string[], nodes: readonly string[]): Promise<string> {
  await apply(lab, webService("web"), ...pods.map((name, i) => webPod({ name, node: nodes[i % nodes.length] ?? "" })));
  await ready(lab, ...pods);
  const clusterIP = await clusterIPOf(lab, "web");
  await untilAnswers(askFromHost(lab), clusterIP, pods);
  return clusterIP;
}
