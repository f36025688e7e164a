import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { SandboxConfig } from "@fairlead/kubelet/runtime/pod-runtime";
import { createSimulatedRuntime } from "@fairlead/kubelet/runtime/simulated/simulated-runtime";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { freeLeasesFirst } from "./free-leases-first.ts";

function configOf(name: string): SandboxConfig {
  const pod = { metadata: { name, namespace: "default", uid: name }, spec: {} } as Pod;
  return { pod, attempt: 0, hostname: name, logDirectory: "/nowhere", cgroupParent: "/nowhere" };
}

test("leases are freed once, before the first sandbox, for all sandboxes but those that are there", async () => {
  const inner = createSimulatedRuntime({ clock: systemClock, podCIDR: "10.244.1.0/24" });
  const there = await inner.runSandbox(configOf("there"));
  const calls: (readonly string[])[] = [];
  const free = async (_: string, sandboxIds: readonly string[]) => {
    calls.push(sandboxIds);
    return [];
  };
  const runtime = freeLeasesFirst(inner, { ipamDataDir: "/nowhere", free, log: silentLogger });
  await Promise.all([runtime.runSandbox(configOf("a")), runtime.runSandbox(configOf("b"))]);
  await runtime.runSandbox(configOf("c"));
  assert.deepEqual(calls, [[there]]);
});

test("when leases cannot be freed there is no sandbox, and the next one tries again", async () => {
  const inner = createSimulatedRuntime({ clock: systemClock, podCIDR: "10.244.1.0/24" });
  let failures = 1;
  const free = async () => {
    if (failures-- > 0) throw new Error("the folder cannot be read");
    return [];
  };
  const runtime = freeLeasesFirst(inner, { ipamDataDir: "/nowhere", free, log: silentLogger });
  await assert.rejects(runtime.runSandbox(configOf("a")), /the folder cannot be read/);
  assert.deepEqual(await runtime.listSandboxes(), []);
  await runtime.runSandbox(configOf("a"));
  assert.equal((await runtime.listSandboxes()).length, 1);
});
