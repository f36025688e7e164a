/** Programs are killed while a Service is used: no request is lost, and what runs goes on. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { counts, failures, type Load, startLoads, untilAsked } from "./network/load.testing.ts";
import { onMachine, pidOf } from "./network/machines.testing.ts";
import { runningContainers } from "./network/running-containers.testing.ts";
import { askFromHost, clusterIPOf, startWeb, untilAnswers } from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 480_000 };
const NODES = ["fairlead-1", "fairlead-2", "fairlead-3"];
const WEB = ["web-1", "web-2", "web-3", "web-4", "web-5", "web-6"];
/** Requests of each client before and after each fault. */
const ROUND = 30;

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let loads: readonly Load[];

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "3"]);
    loads = await startLoads(lab, await startWeb(lab, WEB, NODES), ["fairlead-2", "fairlead-3"]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  for (const program of [
    "fairlead-1/server",
    "fairlead-2/node",
    "fairlead-1/node",
    "fairlead-2/dns",
    "fairlead-2/containerd",
  ]) {
    test(`${program} killed: no request is lost, and every container goes on`, LIMIT, async () => {
      const untouched = await runningContainers(lab);
      await untilAsked(loads, ROUND);
      const before = await counts(loads);
      await killAndWait(lab, program);
      await untilAsked(loads, ROUND);
      await untilAnswers(askFromHost(lab), await clusterIPOf(lab, "web"), WEB);
      assert.deepEqual(await failures(loads, before), []);
      assert.deepEqual(await runningContainers(lab), untouched);
    });
  }

  test("a pod's shim killed: only that pod is started again, and only its requests are lost", LIMIT, async () => {
    const untouched = await runningContainers(lab);
    const before = await counts(loads);
    const sandbox =
      "ctr -a /run/fairlead/containerd.sock -n k8s.io containers ls -q 'labels.io.kubernetes.pod.name==web-3'";
    const killed = await onMachine(
      lab,
      "fairlead-3",
      `for id in $(${sandbox}); do pgrep -f "containerd-shim.* -id $id " || true; done`,
    );
    assert.match(killed, /^\d+\n$/, "one shim for the whole pod");
    await onMachine(lab, "fairlead-3", `kill -9 ${killed.trim()}`);
    await until("the pod to be another", async () => {
      const now = await runningContainers(lab);
      return now["web-3"] !== untouched["web-3"] && now["web-3"]?.includes("ready") ? true : undefined;
    });
    await untilAsked(loads, ROUND);
    await untilAnswers(askFromHost(lab), await clusterIPOf(lab, "web"), WEB);
    const { "web-3": _, ...others } = await runningContainers(lab);
    const { "web-3": __, ...wanted } = untouched;
    assert.deepEqual(others, wanted);
    // A request for the dead pod is refused; an answer that it had begun breaks off, or hangs for at most one request of each client.
    const lost = await failures(loads, before);
    assert.deepEqual(
      lost.filter((line) => !/\((7|18|28|52|56)\)/.test(line)),
      [],
    );
    assert.ok(lost.filter((line) => line.includes("(28)")).length <= loads.length, lost.join("\n"));
    const asked = (await counts(loads)).reduce((sum, count, i) => sum + count - (before[i] ?? 0), 0);
    assert.ok(lost.length <= asked / 4, `${lost.length} of ${asked} requests were lost: ${lost[0]}`);
  });
}

/** Kills a program of a machine and waits until it runs again. */
async function killAndWait(lab: Lab, program: string): Promise<void> {
  const killed = await pidOf(lab, program);
  process.kill(killed, "SIGKILL");
  await until(`${program} to be another process`, async () => {
    const now = await pidOf(lab, program);
    return now === killed ? undefined : now;
  });
}
