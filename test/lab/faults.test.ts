/** Programs are killed: the others keep running, and the killed ones are restarted. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { killAll, newestPid, remains, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const example = path.resolve(import.meta.dirname, "../../examples/quote");

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2", "-f", example]);
  });
  after(() => lab[Symbol.asyncDispose]());

  for (const role of [
    "fairlead-1/server",
    "fairlead-1/node",
    "fairlead-2/node",
    "fairlead-1/dns",
    "fairlead-2/containerd",
  ]) {
    test(`${role} killed: it is started again, and no pod with it`, async () => {
      const before = await startTimes(lab);
      const killed = await newestPid(lab, (entry) => entry.role === role);
      process.kill(killed, "SIGKILL");
      await until(`${role} to be another process`, async () => {
        const now = await newestPid(lab, (entry) => entry.role === role);
        return now === killed ? undefined : now;
      });
      await works(lab);
      assert.deepEqual(await startTimes(lab), before);
    });
  }

  test("the Service of the DNS that lacks a port, as after an upgrade, gets it when the server starts", async () => {
    const service = ["service", "-n", "kube-system", "kube-dns"];
    const ports = () => lab.kubectl("get", ...service, "-o", "jsonpath={.spec.clusterIP} {.spec.ports[*].name}");
    const before = await ports();
    const patch = JSON.stringify([{ op: "remove", path: "/spec/ports/2" }]);
    await lab.kubectl("patch", ...service, "--type=json", "-p", patch);
    assert.equal(await ports(), before.replace(" metrics", ""));
    process.kill(await newestPid(lab, (entry) => entry.role === "fairlead-1/server"), "SIGKILL");
    await until("the port metrics", async () => ((await ports()) === before ? true : undefined));
  });

  test("the supervisor killed: another `up` takes over the machines, and pods go on", async () => {
    const before = await startTimes(lab);
    process.kill(await newestPid(lab, (entry) => entry.role === "supervisor"), "SIGKILL");
    const status = await until("the supervisor to be gone", async () => {
      const outcome = await lab.run(fairlead, ["status"]);
      return outcome.exitCode === 1 ? outcome : undefined;
    });
    assert.match(status.stdout, /^Cluster fairlead: .*, unsupervised$/m);
    assert.match(status.stdout, /^fairlead-2\/node +running +\d+ +-/m);
    assert.match(status.stderr, /^Its supervisor has ended: .*\n"fairlead up" starts another supervisor/);
    await upOrShowLogs(lab, []);
    await works(lab);
    assert.deepEqual(await startTimes(lab), before);
  });

  test("a machine killed: it comes back with its node, and its pods are started again", async () => {
    const before = await startTimes(lab);
    process.kill(await newestPid(lab, (entry) => entry.type === "machine" && entry.node === "fairlead-2"), "SIGKILL");
    await until("the pods of fairlead-2 to be started again", async () => {
      const now = await startTimes(lab);
      const restarted = Object.entries(now).filter(([pod, time]) => time !== before[pod]);
      return restarted.length > 0 && Object.values(now).every((time) => time !== "") ? true : undefined;
    });
    await works(lab);
  });

  test("everything gone, as after a reboot: `up` brings back what was stored", async () => {
    await lab.kubectl("create", "configmap", "kept", "--from-literal=a=b");
    await killAll(lab, ["fairlead-1", "fairlead-2"]);
    await upOrShowLogs(lab, []);
    assert.equal(await lab.kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}"), "b");
    await works(lab);
  });

  test("down takes all of it away, whatever was killed before", async () => {
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
  });
}

const fairlead = path.resolve(import.meta.dirname, "../../fairlead");

/** When each pod's nginx was started; empty where it is not running. */
async function startTimes(lab: Lab): Promise<Record<string, string>> {
  const columns = "NAME:.metadata.name,AT:.status.containerStatuses[?(@.name=='nginx')].state.running.startedAt";
  const table = await lab.kubectl("get", "pods", "--no-headers", "-o", `custom-columns=${columns}`);
  return Object.fromEntries(
    table
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/))
      .map(([name = "", at = ""]) => [name, at === "<none>" ? "" : at]),
  );
}

/** Every pod answers by its name, asked from a pod: API server, exec, DNS, proxy and pods all work. */
async function works(lab: Lab): Promise<void> {
  await until("all four pods to answer through the Service", async () => {
    const loop = "for i in $(seq 40); do curl -s -m 2 http://quote || exit 1; done";
    const { exitCode, stdout } = await lab.run("kubectl", ["exec", "quote-001", "-c", "nginx", "--", "sh", "-c", loop]);
    const pods = new Set([...stdout.matchAll(/pod (\S+) on node/g)].map(([, pod]) => pod));
    return exitCode === 0 && pods.size === 4 ? true : undefined;
  });
}
