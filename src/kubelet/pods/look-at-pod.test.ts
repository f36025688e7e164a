import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { NO_PROBES } from "../probes/probe-results.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { NOTHING_RUNNING, type PodState } from "../sync/pod-state.ts";
import { NEW_RECORD } from "../sync/record/pod-record.ts";
import { sandbox, stateOf, testPod } from "../testing/pods.testing.ts";
import { podPaths } from "../volumes/pod-paths.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { lookAtPod } from "./look-at-pod.ts";
import type { PodWork } from "./pod-work.ts";
import { createRoomOnNode } from "./room-on-node.ts";
import { createStartSlots } from "./start-slots.ts";

/** A pod of containers `a` and `b`, and one slot for what is started. Calls of the runtime are in `log`. */
function podToRun({ state, runtime, spec = {} }: RunOptions) {
  const clock = createFakeClock();
  const log: string[] = [];
  const ending = new AbortController();
  const pod = testPod({ containers: [{ name: "a" }, { name: "b" }], ...spec });
  const image = { id: "", tags: [], digests: [], sizeBytes: 0, uid: 0, username: "" };
  const work = {
    pod,
    record: NEW_RECORD,
    ending,
    reader: { read: async () => state },
    probes: { ...NO_PROBES, sync: () => {} },
    paths: podPaths("/nonexistent", "uid-1"),
    images: { ensure: async () => ({ state: "ready", image, imageRef: "" }) },
    writer: { write: () => {} },
  };
  const context = {
    clock,
    log: silentLogger,
    events: { record: () => {} },
    starts: createStartSlots(1, clock),
    room: createRoomOnNode(() => ({})),
    runtime: { startContainer: async () => {}, ...runtime },
    watchers: { configMaps: { get: () => Promise.withResolvers<never>().promise } },
    tokens: { renewInMs: () => undefined },
    services: async () => [],
    allocatable: () => ({}),
    runtimeStatus: () => ({ networkReady: true }),
    listeningSockets: () => [],
    nodeDns: async () => ({ servers: [], searches: [], options: [] }),
    nodeIPs: [],
    clusterDNS: [],
    clusterDomain: "cluster.local",
    podLogsDir: "/nonexistent",
    cgroupParent: "/nonexistent",
    simulated: true,
  };
  const look = lookAtPod(work as unknown as PodWork, context as unknown as KubeletContext);
  look.then(
    () => log.push("ended"),
    () => log.push("ended"),
  );
  return { look, log, ending };
}

interface RunOptions {
  readonly state: PodState;
  readonly runtime: Partial<PodRuntime>;
  readonly spec?: Draft<Pod["spec"]>;
}

test("a pod that is to end waits for the container that is being made, not for one that waits for its turn", async () => {
  const creating = Promise.withResolvers<string>();
  const created: string[] = [];
  const { look, log, ending } = podToRun({
    state: stateOf(),
    runtime: {
      createContainer(_, { name }) {
        created.push(name);
        return creating.promise;
      },
    },
  });
  await settle();
  ending.abort();
  await settle();
  assert.deepEqual([created, log], [["a"], []]);
  creating.resolve("a-0");
  await assert.rejects(look, ending.signal.reason);
  assert.deepEqual(created, ["a"]);
});

test("a pod that is to end waits for the sandbox that is being made, not for what its volumes are made of", async () => {
  const running = Promise.withResolvers<string>();
  const { look, log, ending } = podToRun({
    state: NOTHING_RUNNING,
    spec: { volumes: [{ name: "v", configMap: { name: "c" } }] },
    runtime: { runSandbox: () => running.promise, sandboxStatus: async () => sandbox() },
  });
  await settle();
  ending.abort();
  await settle();
  assert.deepEqual(log, []);
  running.resolve("sandbox-0");
  await assert.rejects(look, ending.signal.reason);
});

test("no postStart hook is begun in a pod that is to end", async () => {
  const creating = Promise.withResolvers<string>();
  const hooks: string[] = [];
  const { look, ending } = podToRun({
    state: stateOf(),
    spec: { containers: [{ name: "a", lifecycle: { postStart: { exec: { command: ["true"] } } } }, { name: "b" }] },
    runtime: {
      createContainer: () => creating.promise,
      execSync(id) {
        hooks.push(id);
        return Promise.withResolvers<never>().promise;
      },
    },
  });
  await settle();
  ending.abort();
  creating.resolve("a-0");
  await look;
  assert.deepEqual(hooks, []);
});
