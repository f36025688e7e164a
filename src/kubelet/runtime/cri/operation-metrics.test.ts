import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "@fairlead/lib/metrics";
import { operationMetrics, operationType } from "./operation-metrics.ts";

const cases: { method: string; want: string }[] = [
  { method: "RunPodSandbox", want: "run_podsandbox" },
  { method: "ListPodSandbox", want: "list_podsandbox" },
  { method: "PodSandboxStatus", want: "podsandbox_status" },
  { method: "CreateContainer", want: "create_container" },
  { method: "ListContainers", want: "list_containers" },
  { method: "ExecSync", want: "exec_sync" },
  { method: "Version", want: "version" },
];

for (const { method, want } of cases) {
  test(`the runtime's ${method} is counted as ${want}`, () => assert.equal(operationType(method), want));
}

test("calls of the runtime are counted, and failed ones twice", async () => {
  const metrics = createMetrics();
  const count = operationMetrics(metrics);
  assert.equal(await count("PullImage", async () => "pulled"), "pulled");
  const refused = new Error("no such image");
  await assert.rejects(
    count("PullImage", () => Promise.reject(refused)),
    refused,
  );
  const text = metrics.text();
  assert.match(text, /^kubelet_runtime_operations_total\{operation_type="pull_image"\} 2$/m);
  assert.match(text, /^kubelet_runtime_operations_errors_total\{operation_type="pull_image"\} 1$/m);
  assert.match(text, /^kubelet_runtime_operations_duration_seconds_count\{operation_type="pull_image"\} 2$/m);
});
