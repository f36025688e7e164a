import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "@fairlead/lib/metrics";
import { metricsText } from "./metrics-text.ts";

test("what runs is counted when it is asked for, also while the runtime is away", async () => {
  const metrics = createMetrics();
  const text = await metricsText(metrics, {
    listSandboxes: async () => [{ ready: true }, { ready: true }, { ready: false }],
    listContainers: async () => [{ state: "running" }, { state: "running" }, { state: "exited" }],
  });
  assert.deepEqual(
    text.split("\n").filter((line) => line.startsWith("kubelet_running")),
    [
      'kubelet_running_containers{container_state="created"} 0',
      'kubelet_running_containers{container_state="exited"} 1',
      'kubelet_running_containers{container_state="running"} 2',
      'kubelet_running_containers{container_state="unknown"} 0',
      "kubelet_running_pods 2",
    ],
  );
  const away = () => Promise.reject(new Error("the runtime is away"));
  assert.equal(await metricsText(metrics, { listSandboxes: away, listContainers: away }), text);
});
