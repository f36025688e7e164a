import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Lab, until } from "../lab.testing.ts";
import { pidOf } from "./machines.testing.ts";
import { apply, ready } from "./web-pods.testing.ts";

/** A client that requests `/hostname` repeatedly, one request after another, each on a new connection. */
export interface Load {
  readonly name: string;
  /** A line for each request that has ended: who answered, or `failed: ` and curl's reason. */
  lines(): Promise<readonly string[]>;
}

/**
 * Longer than a resolver waits before it asks again (5 s, resolv.conf(5)): a request that was late is not lost.
 *
 * Every pause is short enough that something which is away for a tenth of a second is noticed.
 */
const loop = (address: string, file: string) =>
  `while :; do curl -sS -m 12 http://${address}/hostname 2>&1 | sed 's/^curl:/failed:/' >> ${file}; sleep 0.03; done`;

const FILE = "/tmp/answers";

/** A pod that asks, by itself: what it is answered does not go through the API server or containerd. */
export function loadPod(name: string, address: string, node: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "load" } },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeName: node,
      containers: [
        { name: "load", image: "registry.fairlead.local/tools:1", command: ["bash", "-c", loop(address, FILE)] },
      ],
    },
  };
}

/** What a pod of {@link loadPod} was answered. */
export function loadOfPod(lab: Lab, name: string): Load {
  return {
    name,
    // The kubelet over which it is read may just have been killed.
    lines: () =>
      until(`what ${name} was answered`, async () =>
        (await lab.kubectl("exec", name, "--", "cat", FILE)).split("\n").slice(0, -1),
      ),
  };
}

/** Asks as a program of the node itself does. It ends with the lab. */
export async function startLoadOnNode(lab: Lab, node: string, address: string): Promise<Load> {
  const file = path.join(lab.home, `load-${node}`);
  const target = String(await pidOf(lab, node));
  lab.start("nsenter", ["--target", target, "--net", "sh", "-c", loop(address, file)]);
  return { name: node, lines: async () => (await readFile(file, "utf8")).split("\n").slice(0, -1) };
}

/**
 * Asks the Service `web` from two pods, by its address and by its name, and from these nodes. Resolves when each has been
 * answered.
 */
export async function startLoads(lab: Lab, clusterIP: string, nodes: readonly string[]): Promise<readonly Load[]> {
  await apply(lab, loadPod("by-address", clusterIP, "fairlead-1"), loadPod("by-name", "web.default", "fairlead-2"));
  await ready(lab, "by-address", "by-name");
  const loads = [
    loadOfPod(lab, "by-address"),
    loadOfPod(lab, "by-name"),
    ...(await Promise.all(nodes.map((node) => startLoadOnNode(lab, node, clusterIP)))),
  ];
  await until("each of them to be answered", async () => {
    const all = await Promise.all(loads.map((load) => load.lines()));
    return all.every((lines) => lines.some((line) => line.startsWith("web-"))) ? true : undefined;
  });
  return loads;
}

/** Waits until each has been answered so many times more. */
export async function untilAsked(loads: readonly Load[], more: number): Promise<void> {
  await Promise.all(
    loads.map(async (load) => {
      const before = (await load.lines()).length;
      await until(`${load.name} to ask ${more} times`, async () =>
        (await load.lines()).length >= before + more ? true : undefined,
      );
    }),
  );
}

/** How many requests of each load have ended. */
export async function counts(loads: readonly Load[]): Promise<readonly number[]> {
  return (await Promise.all(loads.map((load) => load.lines()))).map((lines) => lines.length);
}

/** The requests after the first `since` of each load that were not answered. */
export async function failures(loads: readonly Load[], since: readonly number[]): Promise<readonly string[]> {
  const all = await Promise.all(loads.map(async (load, i) => ({ load, lines: (await load.lines()).slice(since[i]) })));
  return all.flatMap(({ load, lines }) =>
    lines.filter((line) => !line.startsWith("web-")).map((line) => `${load.name}: ${line}`),
  );
}
