/**
 * How many new connections a rolling update loses: a Deployment of plain HTTP servers without a preStop hook is restarted
 * again and again while a client opens connections through its ClusterIP and a node port, each with one request.
 *
 * A server goes on serving for BENCH_LINGER seconds after SIGTERM, then closes its listener and ends. The client is the host
 * of a cluster of three nodes. Runs in a network namespace without a way out.
 * Usage: `BENCH_CONNECTIONS=20000 BENCH_LINGER=1 BENCH_REPLICAS=6 node bench/rollout.ts`, as root. Those are the defaults.
 */
import { Agent, get } from "node:http";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";

const NODES = 3;
const IMAGE = "registry.fairlead.local/tools:1";
/** Clients that open one connection after another. */
const CLIENTS_PER_ADDRESS = 4;
const TIMEOUT_MS = 5_000;

if (insideLab(import.meta.filename)) {
  const [connections, linger, replicas] = [
    ["CONNECTIONS", 20_000],
    ["LINGER", 1],
    ["REPLICAS", 6],
  ].map(([name, standard]) => Number(process.env[`BENCH_${name}`] ?? standard)) as [number, number, number];
  await using lab = await startLab();
  await lab.fairlead("up", "--nodes", String(NODES), "--uplink", "none", "--wait", "60s");
  const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input: manifest(replicas, linger) });
  if (exitCode !== 0) throw new Error(`kubectl apply: ${stderr}`);
  await lab.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  const field = (path: string) => lab.kubectl("get", "service", "web", "-o", `jsonpath={${path}}`);
  const nodes = (await lab.kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.addresses[0].address}")).split(
    " ",
  );
  const nodePort = Number(await field(".spec.ports[0].nodePort"));
  const targets = [
    { name: "ClusterIP", hosts: [await field(".spec.clusterIP")], port: 80 },
    { name: "node port", hosts: nodes, port: nodePort },
  ];
  await until("the node port to answer", async () =>
    (await outcomeOf(nodes[0] ?? "", nodePort)) === "answered" ? true : undefined,
  );

  const made = { count: 0 };
  const busy = targets.map((target) => connect(target, connections / targets.length, made));
  let isOver = false;
  const all = Promise.all(busy).finally(() => {
    isOver = true;
  });
  let rollouts = 0;
  for (; !isOver; rollouts += 1) await rollout(lab);
  const counts = await all;
  print(
    `${rollouts} rollouts of ${replicas} pods that serve for ${linger} s after SIGTERM, ${made.count} new connections`,
  );
  for (const [i, outcomes] of counts.entries()) {
    print(`  ${targets[i]?.name}: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`);
  }
}

async function rollout(lab: Lab): Promise<void> {
  await lab.kubectl("rollout", "restart", "deployment/web");
  await lab.kubectl("rollout", "status", "deployment/web", "--timeout=120s");
}

/** Opens connections until there were `wanted`, and counts what became of each. */
async function connect(
  { hosts, port }: { readonly hosts: readonly string[]; readonly port: number },
  wanted: number,
  made: { count: number },
): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  let begun = 0;
  const client = async () => {
    while (begun < wanted) {
      const host = hosts[begun % hosts.length] ?? "";
      begun += 1;
      const outcome = await outcomeOf(host, port);
      made.count += 1;
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
    spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] },
  };
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: [deployment, service] });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
