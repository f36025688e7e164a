/** The cluster's DNS when a node dies: what the other nodes ask is answered, each time at once. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newestPid, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";

const LIMIT = { timeout: 360_000 };
/** Questions of each node, one every 10 ms. */
const QUESTIONS = 1_000;
/** A resolver asks again after 5 s (resolv.conf(5)): what has no answer before was lost. */
const LOST_MS = 4_000;

/** Asks the cluster's DNS over a new socket each time, as resolvers do. Prints how many were answered, and why others were not. */
const ASK = `
const { Resolver } = require("node:dns").promises;
const outcomes = {};
const asked = [];
(async () => {
  for (let i = 0; i < ${QUESTIONS}; i++) {
    const resolver = new Resolver({ timeout: ${LOST_MS}, tries: 1 });
    resolver.setServers(["10.96.0.10"]);
    const count = (outcome) => { outcomes[outcome] = (outcomes[outcome] ?? 0) + 1; };
    asked.push(resolver.resolve4("kubernetes.default.svc.cluster.local").then(() => count("answered"), (error) => count(error.code)));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(asked);
  console.log(JSON.stringify(outcomes));
})();`;

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "3"]);
    await until("the servers of all nodes", async () => {
      const slices = await lab.kubectl("get", "endpointslices", "-n", "kube-system", "-o", "name");
      return slices.trim().split("\n").length === 3 ? true : undefined;
    });
  });
  after(() => lab?.[Symbol.asyncDispose]());

  for (const { how, die } of [
    { how: "loses its network", die: () => onMachine(lab, "fairlead-3", "ip link set eth0 down") },
    { how: "is killed", die: () => kill(lab, "fairlead-2") },
  ]) {
    test(`a node that ${how} costs the others no question`, LIMIT, async () => {
      const others = how === "is killed" ? ["fairlead-1"] : ["fairlead-1", "fairlead-2"];
      const asking = others.map((node) => onMachine(lab, node, `${process.execPath} -e '${ASK}'`));
      await until("questions under way", async () => ((await asked(lab)) > 20 ? true : undefined));
      await die();
      for (const outcome of await Promise.all(asking)) {
        assert.deepEqual(JSON.parse(outcome), { answered: QUESTIONS });
      }
    });
  }
}

/** How many questions the first node's server has answered. */
async function asked(lab: Lab): Promise<number> {
  const metrics = await onMachine(lab, "fairlead-1", "curl -s http://172.30.0.11:9153/metrics");
  const counts = [...metrics.matchAll(/^coredns_dns_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function kill(lab: Lab, node: string): Promise<void> {
  process.kill(await newestPid(lab, (entry) => entry.type === "machine" && entry.node === node), "SIGKILL");
}
