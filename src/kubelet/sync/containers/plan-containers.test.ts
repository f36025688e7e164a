import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerProbes } from "../../probes/probe-results.ts";
import { exited, instance, sandbox, stateOf, testPod } from "../../testing/pods.testing.ts";
import type { PodState } from "../pod-state.ts";
import { NOTHING_RUNNING } from "../pod-state.ts";
import { containerHash, HASH_ANNOTATION } from "./container-hash.ts";
import { RESTART_DELAY_ANNOTATION } from "./next-instance.ts";
import type { ContainersPlan } from "./plan-containers.ts";
import { planContainers } from "./plan-containers.ts";

const two = testPod({ containers: [{ name: "app" }, { name: "log" }] });
const never = testPod({ restartPolicy: "Never" });
const onFailure = testPod({ restartPolicy: "OnFailure", containers: [{ name: "app" }, { name: "log" }] });
const withInit = testPod({ initContainers: [{ name: "first" }, { name: "second" }] });
const withSidecar = testPod({ initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "setup" }] });
const restarted = { createdAt: 4_000, annotations: { [RESTART_DELAY_ANNOTATION]: "20000" } };
const deadSandbox = { sandboxes: [sandbox({ ready: false })], ips: [] };

const cases: {
  name: string;
  pod: Pod;
  state: PodState;
  probes?: Record<string, ContainerProbes>;
  now?: number;
  want: string;
}[] = [
  {
    name: "a new pod gets a sandbox and its containers",
    pod: two,
    state: NOTHING_RUNNING,
    want: "sandbox 0, start app log",
  },
  { name: "a sandbox alone gets containers", pod: two, state: stateOf(), want: "start app log" },
  { name: "what runs is left alone", pod: two, state: stateOf(instance("app"), instance("log")), want: "nothing" },
  { name: "one that is missing is started", pod: two, state: stateOf(instance("app")), want: "start log" },
  {
    name: "one that has ended is started again",
    pod: two,
    state: stateOf(exited("app", 0), instance("log")),
    want: "start app",
  },
  {
    name: "OnFailure starts only what has failed",
    pod: onFailure,
    state: stateOf(exited("app", 0), exited("log", 1)),
    want: "start log",
  },
  {
    name: "OnFailure: all succeeded, the rest goes",
    pod: onFailure,
    state: stateOf(exited("app", 0), exited("log", 0)),
    want: "kill pod",
  },
  { name: "Never: what has failed stays so", pod: never, state: stateOf(exited("app", 1)), want: "kill pod" },
  {
    name: "a dead sandbox is replaced, and everything in it",
    pod: two,
    state: { ...deadSandbox, containers: [exited("app", 137), exited("log", 137)] },
    want: "kill pod, sandbox 1, start app log",
  },
  {
    name: "Never: a dead sandbox of a pod that ran is not replaced",
    pod: never,
    state: { ...deadSandbox, containers: [exited("app", 137)] },
    want: "kill pod",
  },
  {
    name: "Never: a sandbox that died before anything ran is replaced",
    pod: never,
    state: { ...deadSandbox, containers: [] },
    want: "kill pod, sandbox 1, start app",
  },
  {
    name: "a sandbox without an address is replaced",
    pod: two,
    state: { ...stateOf(), ips: [] },
    want: "kill pod, sandbox 1, start app log",
  },
  {
    name: "on the node's network a sandbox has no address",
    pod: testPod({ hostNetwork: true }),
    state: { ...stateOf(), ips: [] },
    want: "start app",
  },
  {
    name: "another image: kill now, start at the next look",
    pod: testPod({ containers: [{ name: "app", image: "app:2" }] }),
    state: stateOf(
      instance("app", { annotations: { [HASH_ANNOTATION]: containerHash({ name: "app", image: "app:1" }) } }),
    ),
    want: "kill app (Container app definition changed, will be restarted)",
  },
  {
    name: "liveness failed",
    pod: two,
    state: stateOf(instance("app"), instance("log")),
    probes: { "app-0": { liveness: "failure" } },
    want: "kill app (Container app failed liveness probe, will be restarted)",
  },
  {
    name: "startup failed",
    pod: two,
    state: stateOf(instance("app"), instance("log")),
    probes: { "app-0": { startup: "failure" } },
    want: "kill app (Container app failed startup probe, will be restarted)",
  },
  {
    name: "readiness failed is no reason to kill",
    pod: two,
    state: stateOf(instance("app"), instance("log")),
    probes: { "app-0": { readiness: "failure" } },
    want: "nothing",
  },
  {
    name: "in its back-off it waits",
    pod: testPod(),
    state: stateOf(exited("app", 1, restarted)),
    now: 10_000,
    want: "wait app 15000 (back-off 20s restarting failed container=app pod=web_shop(uid-1))",
  },
  {
    name: "after its back-off it is started",
    pod: testPod(),
    state: stateOf(exited("app", 1, restarted)),
    now: 25_000,
    want: "start app",
  },
  { name: "init: the first one first", pod: withInit, state: NOTHING_RUNNING, want: "sandbox 0, start first" },
  { name: "init: the others wait while it runs", pod: withInit, state: stateOf(instance("first")), want: "nothing" },
  { name: "init: then the second", pod: withInit, state: stateOf(exited("first", 0)), want: "start second" },
  { name: "init: a failed one again", pod: withInit, state: stateOf(exited("first", 1)), want: "start first" },
  {
    name: "init: then the pod",
    pod: withInit,
    state: stateOf(exited("second", 0), exited("first", 0)),
    want: "start app",
  },
  {
    name: "init: traces of the first one may be gone",
    pod: withInit,
    state: stateOf(exited("second", 0)),
    want: "start app",
  },
  { name: "init: and of all, once the pod runs", pod: withInit, state: stateOf(instance("app")), want: "nothing" },
  {
    name: "init: failed and not retried",
    pod: testPod({ restartPolicy: "Never", initContainers: [{ name: "first" }] }),
    state: stateOf(exited("first", 1)),
    want: "kill pod",
  },
  { name: "sidecar: started first", pod: withSidecar, state: stateOf(), want: "start proxy" },
  {
    name: "sidecar: running is enough for the next",
    pod: withSidecar,
    state: stateOf(instance("proxy")),
    want: "start setup",
  },
  {
    name: "sidecar: one that has ended is started again, whatever the others do",
    pod: withSidecar,
    state: stateOf(instance("setup"), exited("proxy", 0)),
    want: "start proxy",
  },
  {
    name: "sidecar: kept running beside the pod",
    pod: withSidecar,
    state: stateOf(instance("app"), exited("setup", 0), exited("proxy", 1)),
    want: "start proxy",
  },
  {
    name: "sidecar: does not keep a finished pod alive",
    pod: testPod({ restartPolicy: "Never", initContainers: [{ name: "proxy", restartPolicy: "Always" }] }),
    state: stateOf(exited("app", 0), instance("proxy")),
    want: "kill pod",
  },
  {
    name: "an ephemeral container is started once",
    pod: testPod({ ephemeralContainers: [{ name: "debug", image: "tools" }] }),
    state: stateOf(instance("app")),
    want: "start debug",
  },
  {
    name: "and never again",
    pod: testPod({ ephemeralContainers: [{ name: "debug", image: "tools" }] }),
    state: stateOf(exited("debug", 1), instance("app")),
    want: "nothing",
  },
];

for (const { name, pod, state, probes = {}, now = 100_000, want } of cases) {
  test(`planContainers: ${name}`, () => {
    const plan = planContainers({
      pod,
      state,
      probes: { of: (id) => probes[id] ?? {} },
      restarts: new Set(),
      now,
    });
    assert.equal(format(plan), want);
  });
}

function format({ killPod, createSandbox, sandboxAttempt, kill, start, waiting }: ContainersPlan): string {
  const parts = [
    ...(killPod ? ["kill pod"] : []),
    ...kill.map((k) => `kill ${k.name} (${k.message})`),
    ...(createSandbox ? [`sandbox ${sandboxAttempt}`] : []),
    ...(start.length > 0 ? [`start ${start.join(" ")}`] : []),
    ...waiting.map((w) => `wait ${w.name} ${w.remainingMs} (${w.message})`),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
