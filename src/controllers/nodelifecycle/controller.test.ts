import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";

test("a silent node's pods are not ready, and leave unless they tolerate it", async (t) => {
  const { client, until, runPod } = await startControllersIn(t, {
    nodeMonitorGracePeriodMs: 200,
    nodeMonitorPeriodMs: 50,
  });
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await speak(client, "n1");
  await speak(client, "n2");
  // The last word may come when the test is over.
  const talking = setInterval(() => void speak(client, "n2").catch(() => {}), 50);
  t.after(() => clearInterval(talking));
  await runPod({ name: "leaves", ip: "10.244.0.2" });
  await runPod({ name: "stays", ip: "10.244.0.3", tolerations: [{ operator: "Exists" }] });

  const n1 = await until(async () => {
    const node = await client.get(nodeKind, { name: "n1" });
    return node.status.conditions?.[0]?.status === "Unknown" && node.spec.taints?.length === 2 ? node : undefined;
  });
  assert.deepEqual(
    n1.spec.taints?.map(({ key, effect }) => `${key} ${effect}`),
    ["node.kubernetes.io/unreachable NoSchedule", "node.kubernetes.io/unreachable NoExecute"],
  );
  assert.equal(n1.status.conditions?.[0]?.message, "Kubelet stopped posting node status.");
  const leaving = await until(async () => {
    const pod = await client.get(podKind, { namespace: "team", name: "leaves" });
    return pod.metadata.deletionTimestamp === undefined ? undefined : pod;
  });
  assert.deepEqual(leaving.status.conditions?.map(({ type, status }) => `${type} ${status}`).sort(), [
    "DisruptionTarget True",
    "Ready False",
  ]);
  const staying = await client.get(podKind, { namespace: "team", name: "stays" });
  assert.equal(staying.metadata.deletionTimestamp, undefined);
  assert.equal(staying.status.conditions?.[0]?.status, "False");

  await speak(client, "n1");
  await until(async () => {
    const node = await client.get(nodeKind, { name: "n1" });
    return (node.spec.taints ?? []).length === 0 ? true : undefined;
  });
});

let heartbeats = 0;

/** Does what a kubelet does: makes its node, or says that it is ready. */
async function speak(client: Client, name: string): Promise<void> {
  const { items } = await client.list(nodeKind);
  const node =
    items.find(({ metadata }) => metadata.name === name) ?? (await client.create(nodeKind, { metadata: { name } }));
  const time = new Date(Date.parse("2026-01-01T00:00:00Z") + 1000 * heartbeats++).toISOString();
  const condition = {
    type: "Ready",
    status: "True",
    lastHeartbeatTime: `${time.slice(0, 19)}Z`,
    reason: "KubeletReady",
    message: "",
  };
  await client.patch(
    nodeKind,
    { name: node.metadata.name },
    "strategic",
    { status: { conditions: [condition] } },
    { subresource: "status" },
  );
}
