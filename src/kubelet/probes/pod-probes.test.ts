import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { systemClock } from "@fairlead/lib/clock";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { instance, stateOf, testPod } from "../testing/pods.testing.ts";
import { createPodProbes } from "./pod-probes.ts";

type ContainerDraft = Draft<Pod["spec"]["containers"][number]>;
const probe = {
  exec: { command: ["check"] },
  periodSeconds: 0.02,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 2,
};

test("readiness follows what the probe says", async () => {
  const world = worldOf({ readinessProbe: probe });
  world.sync();
  await world.until(() => world.results().readiness === "success");
  world.healthy = false;
  await world.until(() => world.results().readiness === "failure");
  world.healthy = true;
  await world.until(() => world.results().readiness === "success");
  world.stop();
});

test("liveness waits for startup, and asks no more once it has failed", async () => {
  const world = worldOf({ startupProbe: probe, livenessProbe: probe });
  world.healthy = false;
  world.sync();
  await world.until(() => world.results().startup === "failure");
  const asked = world.asked();
  await sleep(80);
  assert.deepEqual([world.asked(), world.results().liveness], [asked, undefined]);
  assert.equal(world.events.at(-1), "Startup probe failed: sick");
  world.stop();
});

test("what has started is then watched", async () => {
  const world = worldOf({ startupProbe: probe, livenessProbe: probe });
  world.sync();
  await world.until(() => world.results().startup === "success");
  world.sync();
  await world.until(() => world.results().liveness === "success");
  assert.equal(world.results().startup, "success");
  world.stop();
});

test("an adopted container stays ready until a probe says otherwise", () => {
  const status = { name: "app", containerID: "containerd://app-0", ready: true, started: true };
  const world = worldOf({ readinessProbe: probe }, { containerStatuses: [status] });
  world.healthy = false;
  world.sync();
  assert.equal(world.results().readiness, "success");
  world.stop();
});

test("a runtime that cannot ask says nothing of the container", async () => {
  const world = worldOf({ livenessProbe: probe, readinessProbe: probe });
  world.sync();
  await world.until(() => world.results().liveness === "success" && world.results().readiness === "success");
  world.broken = true;
  const asked = world.asked();
  await world.until(() => world.asked() > asked + 10);
  assert.deepEqual(world.results(), { liveness: "success", readiness: "success" });
  assert.match(
    world.events.at(-1) ?? "",
    /^(Liveness|Readiness) probe errored and resulted in unknown state: no runtime$/,
  );
  world.stop();
});

test("a container that has ended is not asked any more", async () => {
  const world = worldOf({ readinessProbe: probe });
  world.sync();
  await world.until(() => world.results().readiness === "success");
  world.sync([]);
  assert.deepEqual(world.results(), {});
  world.stop();
});

function worldOf(container: ContainerDraft, status: object = {}) {
  const pod = { ...testPod({ containers: [{ name: "app", ...container }] }), status } as Pod;
  const app = instance("app");
  const events: string[] = [];
  let asked = 0;
  const world = {
    healthy: true,
    /** Whether the runtime cannot run commands. */
    broken: false,
    events,
    asked: () => asked,
    results: () => probes.of(app.id),
    sync: (containers = [app]) => probes.sync(pod, stateOf(...containers)),
    stop: () => probes.stop(),
    async until(accept: () => boolean) {
      for (let tries = 0; tries < 500 && !accept(); tries += 1) await sleep(10);
      assert.ok(accept());
    },
  };
  const nothing = new Uint8Array();
  const probes = createPodProbes({
    runtime: {
      async execSync() {
        asked += 1;
        if (world.broken) throw new RuntimeError("Unavailable", "no runtime");
        return { exitCode: world.healthy ? 0 : 1, stdout: Buffer.from("sick"), stderr: nothing };
      },
    },
    events: { record: (_, { message }) => void events.push(message) },
    clock: systemClock,
    onChange: () => {},
  });
  return world;
}
