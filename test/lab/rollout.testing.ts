import { Agent, get } from "node:http";
import { type Lab, until } from "./lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";
/** Clients that open one connection after another. */
const CLIENTS_PER_ADDRESS = 4;
const TIMEOUT_MS = 5_000;

export interface RolloutOptions {
  readonly replicas: number;
  /** How long a server goes on serving after SIGTERM, in seconds; then it closes its listener and ends. */
  readonly lingerSeconds: number;
  /** How many connections are opened: a third each to the ClusterIP, to node ports and to the load balancer's address. */
  readonly connections: number;
}

export interface RolledOut {
  readonly rollouts: number;
  /** What became of the connections, with their number: `answered`, or why they were not. */
  readonly outcomes: readonly { readonly target: string; readonly counts: ReadonlyMap<string, number> }[];
}

/**
 * Restarts a Deployment of plain HTTP servers without a preStop hook again and again, while the host opens connections
 * through its ClusterIP, its node port and its load balancer, each with one request.
 */
export async function rollOutUnderLoad(lab: Lab, options: RolloutOptions): Promise<RolledOut> {
  const targets = await startServers(lab, options);
  const wanted = Math.floor(options.connections / targets.length);
  let isOver = false;
  const all = Promise.all(
    targets.map(async (target) => ({ target: target.name, counts: await connect(target, wanted) })),
  ).finally(() => {
    isOver = true;
  });
  let rollouts = 0;
  for (; !isOver; rollouts += 1) await rollout(lab);
  return { rollouts, outcomes: await all };
}

interface Target {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly port: number;
}

/** Resolves when all servers are Ready, and the node port and the load balancer's address answer. */
async function startServers(lab: Lab, { replicas, lingerSeconds }: RolloutOptions): Promise<readonly Target[]> {
  const input = manifest(replicas, lingerSeconds);
  const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input });
  if (exitCode !== 0) throw new Error(`kubectl apply: ${stderr}`);
  await lab.kubectl("rollout", "status", "deployment/web", "--timeout=120s");
  const field = (path: string) => lab.kubectl("get", "service", "web", "-o", `jsonpath={${path}}`);
  const addresses = await lab.kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.addresses[0].address}");
  const nodes = addresses.split(" ");
  const nodePort = Number(await field(".spec.ports[0].nodePort"));
  const balanced = await until(
    "an address",
    async () => (await field(".status.loadBalancer.ingress[0].ip")) || undefined,
  );
  await until("the node port and the load balancer to answer", async () => {
    const all = await Promise.all([outcomeOf(nodes[0] ?? "", nodePort), outcomeOf(balanced, 80)]);
    return all.every((outcome) => outcome === "answered") ? true : undefined;
  });
  return [
    { name: "ClusterIP", hosts: [await field(".spec.clusterIP")], port: 80 },
    { name: "node port", hosts: nodes, port: nodePort },
    { name: "load balancer", hosts: [balanced], port: 80 },
  ];
}

async function rollout(lab: Lab): Promise<void> {
  await lab.kubectl("rollout", "restart", "deployment/web");
  await lab.kubectl("rollout", "status", "deployment/web", "--timeout=120s");
}

/** Opens connections until there were `wanted`, and counts what became of each. */
async function connect({ hosts, port }: Target, wanted: number): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  let begun = 0;
  const client = async () => {
    while (begun < wanted) {
      const host = hosts[begun % hosts.length] ?? "";
      begun += 1;
      const outcome = await outcomeOf(host, port);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS_PER_ADDRESS }, client));
  return outcomes;
}

/** `answered`, or the reason why a request on a new connection was not. */
function outcomeOf(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const agent = new Agent({ keepAlive: false });
    const request = get({ host, port, path: "/hostname", agent, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode === 200 ? "answered" : `status ${response.statusCode}`));
      response.once("error", (error) => resolve(reasonOf(error)));
    });
    request.once("timeout", () => request.destroy(new Error("timed out")));
    request.once("error", (error) => resolve(reasonOf(error)));
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

function manifest(replicas: number, lingerSeconds: number): string {
  const labels = { app: "web" };
  const serve = `httpd -f -p 80 -h /etc & trap 'sleep ${lingerSeconds}; kill $!; exit' TERM; wait`;
  const container = {
    name: "web",
    image: IMAGE,
    command: ["sh", "-c", serve],
    readinessProbe: { httpGet: { path: "/hostname", port: 80 }, periodSeconds: 1 },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80 }] },
  };
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: [deployment, service] });
}
