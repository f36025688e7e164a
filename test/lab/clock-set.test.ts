/** The clock of one machine's programs is set while the cluster runs: nothing is lost, and what is new still works. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine } from "./network/machines.testing.ts";
import { runningContainers } from "./network/running-containers.testing.ts";
import { apply, askFromHost, clusterIPOf, startWeb, untilAnswers, webPod } from "./network/web-pods.testing.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";

const LIMIT = { timeout: 240_000 };
const NODES = ["fairlead-1", "fairlead-2"];
const WEB = ["web-1", "web-2"];
/** Read by every program of a machine: the offset of its clock, as faketime(1) writes it. */
const CLOCK_FILE = "/etc/fairlead-test-clock";
/** Longer than a lease lasts and than a silent node is waited for (50 s): what a wrong clock breaks shows by then. */
const WATCHED_MS = 65_000;

const fetchFaketime = () => void unpackedPackages("faketime");

if (insideLab(import.meta.filename, fetchFaketime)) {
  let lab: Lab;

  before(async () => {
    const folder = unpackedPackages("faketime");
    const library = execFileSync("find", [folder, "-name", "libfaketime.so.1"], { encoding: "utf8" }).trim();
    lab = await startLab({
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: CLOCK_FILE,
      FAKETIME_CACHE_DURATION: "1",
      DONT_FAKE_MONOTONIC: "1",
    });
    await upOrShowLogs(lab, ["--nodes", "2"]);
    await startWeb(lab, WEB, NODES);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  for (const [machine, offset] of [
    ["fairlead-2", "-1h"],
    ["fairlead-1", "-1h"],
    ["fairlead-1", "+1h"],
  ] as const) {
    test(`the clock of ${machine} set by ${offset}: pods stay, nodes stay Ready, new pods run`, LIMIT, async () => {
      const untouched = await runningContainers(lab);
      await onMachine(lab, machine, `echo ${offset} > ${CLOCK_FILE}`);
      const ready = () =>
        lab.kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}");
      for (const end = performance.now() + WATCHED_MS; performance.now() < end; await sleep(1_000)) {
        assert.equal(await ready(), "True True");
      }
      assert.deepEqual(await runningContainers(lab), untouched);

      const name = `new-${machine}`;
      await apply(lab, webPod({ name, labels: { app: "new" }, node: machine }));
      await lab.kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s");
      await lab.kubectl("delete", "pod", name, "--wait=true", "--timeout=60s");
      await onMachine(lab, machine, `rm ${CLOCK_FILE}`);
      await until("the pods to answer", async () => {
        await untilAnswers(askFromHost(lab), await clusterIPOf(lab, "web"), WEB);
        return true;
      });
    });
  }
}
